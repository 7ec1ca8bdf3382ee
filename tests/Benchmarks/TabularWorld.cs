using System.Runtime.InteropServices;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Online;

namespace QuadTurbo.Benchmarks;

/// <summary>The common workload TAB(n): 32 standard normal features, main effects only.</summary>
/// <remarks>logit = 1.2 x0 + sin(2 x3) + 0.7 [x4 &gt; 0.5] x5 + 0.5 |x6| + 0.3 (x7 + … + x11) − 0.4.</remarks>
internal static class TabularWorld
{
    public const int Features = 32;

    public static TrainingRows Rows(int count, long seed)
    {
        var random = SplitMix64.Stream(seed, $"tab {count}");
        var values = new float[count * Features];
        var labels = new float[count];
        for (int i = 0; i < count; i++)
        {
            Span<float> x = values.AsSpan(i * Features, Features);
            foreach (ref float value in x) value = (float)random.NextNormal();
            double logit = 1.2 * x[0] + Math.Sin(2 * x[3]) + (x[4] > 0.5 ? 0.7 * x[5] : 0) + 0.5 * Math.Abs(x[6]) - 0.4;
            for (int f = 7; f <= 11; f++) logit += 0.3 * x[f];
            labels[i] = random.NextDouble() < Logistic.Sigmoid(logit) ? 1 : 0;
        }
        return new TrainingRows(values, Features, labels);
    }

    /// <summary>Writes NAME.x and NAME.y as float32, for a peer to read.</summary>
    public static string Write(TrainingRows rows, string folder, string name)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path + ".x", MemoryMarshal.AsBytes(rows.Values.Span).ToArray());
        File.WriteAllBytes(path + ".y", MemoryMarshal.AsBytes(rows.Targets.Span).ToArray());
        return path;
    }
}
