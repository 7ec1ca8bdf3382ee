using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Regimes;

/// <summary>Rows (return, log volatility, log volume, |imbalance|) of a market that changes between range, trend and panic.</summary>
internal static class PlantedMarket
{
    public const int Columns = 4;
    public const int Volatility = 1;
    public const int Drift = 0;
    public const double Stay = 0.96;

    public static double[][] Means { get; } = [[0, -9, 3, 0.2], [4e-4, -8.6, 4, 0.5], [-1e-4, -6.5, 6, 0.6]];

    public static double[][] Spreads { get; } = [[1e-4, 0.3, 0.5, 0.1], [1e-4, 0.3, 0.5, 0.1], [1e-3, 0.5, 0.6, 0.2]];

    public static (double[] Rows, int[] States) Draw(int count, long seed)
    {
        SplitMix64 random = SplitMix64.Stream(seed, "planted market");
        var rows = new double[count * Columns];
        var states = new int[count];
        int state = 0;
        for (int t = 0; t < count; t++)
        {
            if (random.NextDouble() > Stay) state = (state + 1 + random.NextInt(2)) % 3;
            states[t] = state;
            for (int j = 0; j < Columns; j++) rows[t * Columns + j] = Means[state][j] + Spreads[state][j] * random.NextNormal();
        }
        return (rows, states);
    }
}
