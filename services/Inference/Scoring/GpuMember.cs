using System.Diagnostics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Inference.Scoring;

/// <summary>The ONNX member of a model on a GPU, and from how many rows on that is faster than the CPU (C19); there is none without a GPU.</summary>
internal sealed class GpuMember
{
    private static readonly int[] Sizes = [1, 16, 64, 256, 1024, OnnxBatches.MostRows];
    private const int Repeats = 5;
    private readonly OnnxBatches _batches;

    /// <summary>A member whose break-even is known.</summary>
    internal GpuMember(OnnxBatches batches, int from) => (_batches, From) = (batches, from);

    /// <summary>Fewest rows of a batch that the GPU scores faster.</summary>
    public int From { get; }

    /// <summary>Its provider's name in answers.</summary>
    public string Provider => OnnxProviders.NameOf(_batches.Provider);

    /// <summary>
    /// <paramref name="head"/> on the best GPU provider, measured against the CPU; null where no GPU works, none takes the model, or the CPU is faster
    /// at every size. Without a GPU the first model pays for trying, and the others nothing.
    /// </summary>
    public static GpuMember? Find(OnnxHead head)
    {
        if (OnnxEnvironment.Shared.Usable[0] == OnnxProvider.Cpu) return null;
        try
        {
            var batches = new OnnxBatches(head, OnnxEnvironment.Shared.Usable[0]);
            if (batches.Provider == OnnxProvider.Cpu) return null;
            int from = BreakEven(Sizes, Measure(head.Score), Measure(batches.Score));
            return from == 0 ? null : new GpuMember(batches, from);
        }
        catch (Exception e) when (e is OnnxException or ArgumentException)
        {
            // No memory on the device, or one size of batch alone: the CPU scores as before.
            return null;
        }
    }

    /// <summary>The least size from which on the GPU is faster at every size that was measured; 0 for none.</summary>
    /// <param name="sizes">Rows, ascending.</param>
    /// <param name="cpu">Time of each size.</param>
    /// <param name="gpu">Time of each size.</param>
    public static int BreakEven(ReadOnlySpan<int> sizes, ReadOnlySpan<double> cpu, ReadOnlySpan<double> gpu)
    {
        int from = 0;
        for (int i = sizes.Length - 1; i >= 0 && gpu[i] < cpu[i]; i--) from = sizes[i];
        return from;
    }

    /// <summary>The member's scores of a batch.</summary>
    /// <param name="rows">[rows, 32].</param>
    /// <param name="scores">[rows], filled.</param>
    public void Score(ReadOnlySpan<float> rows, Span<double> scores) => _batches.Score(rows, scores);

    private delegate void Scorer(ReadOnlySpan<float> rows, Span<double> scores);

    // The fastest of a few runs: what disturbs a run makes it slower, never faster.
    private static double[] Measure(Scorer score)
    {
        var random = SplitMix64.Stream(0, "gpu break-even");
        var rows = new float[Sizes[^1] * FeatureSchema.Count];
        for (int i = 0; i < rows.Length; i++) rows[i] = FeatureSchema.Clip(i % FeatureSchema.Count, random.NextNormal());
        var scores = new double[Sizes[^1]];
        return Array.ConvertAll(Sizes, size =>
        {
            double least = double.PositiveInfinity;
            // The first run of a size compiles kernels.
            for (int r = 0; r <= Repeats; r++)
            {
                long started = Stopwatch.GetTimestamp();
                score(rows.AsSpan(0, size * FeatureSchema.Count), scores.AsSpan(0, size));
                if (r > 0) least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            return least;
        });
    }
}
