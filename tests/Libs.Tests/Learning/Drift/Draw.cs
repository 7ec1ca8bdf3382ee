using System.Text.Json;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

/// <summary>Samples that tests of drift draw.</summary>
internal static class Draw
{
    /// <summary>The two samples of one entry of drift.py: n, m, seed, shift, grid, missing.</summary>
    public static (double[] Reference, double[] Window) Fixture(JsonElement entry)
    {
        double[] e = QuadTurbo.Libs.Tests.Learning.Fixture.Numbers(entry);
        var random = new SplitMix64((long)e[2]);
        double[] reference = Sums(ref random, (int)e[0], 0, e[4], e[5]);
        return (reference, Sums(ref random, (int)e[1], e[3], e[4], e[5]));
    }

    public static double[] Normals(int count, string name, double shift = 0)
    {
        SplitMix64 random = SplitMix64.Stream(5, name);
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = random.NextNormal() + shift;
        return values;
    }

    public static double[][] Columns(int columns, int rows, string name) =>
        [.. Enumerable.Range(0, columns).Select(f => Normals(rows, $"{name}{f}"))];

    public static string[] Names(int columns) => [.. Enumerable.Range(0, columns).Select(f => $"f{f}")];

    private static double[] Sums(ref SplitMix64 random, int count, double shift, double grid, double missing)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            double x = shift - 6.0;
            for (int u = 0; u < 12; u++) x += random.NextDouble();
            if (grid > 0) x = Math.Floor(x * grid) / grid;
            values[i] = random.NextDouble() < missing ? double.NaN : x;
        }
        return values;
    }
}
