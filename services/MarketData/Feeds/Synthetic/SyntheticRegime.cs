using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Synthetic;

/// <summary>How the price of a synthetic symbol moves for a while.</summary>
/// <param name="Kind">Range, trend or panic.</param>
/// <param name="Left">Instants it still lasts.</param>
/// <param name="DriftBps">Per instant.</param>
/// <param name="VolatilityBps">Per instant.</param>
/// <param name="Level">Price that it is pulled to.</param>
/// <param name="Pull">Share of the way back to <paramref name="Level"/> per instant.</param>
internal record struct SyntheticRegime(Regime Kind, int Left, double DriftBps, double VolatilityBps, double Level, double Pull)
{
    /// <summary>Six in ten regimes are ranges, three trends either way, one a panic; none follows itself except a range.</summary>
    public static SyntheticRegime After(SyntheticRegime last, ref SeededRandom random, double price)
    {
        double kind = random.NextDouble();
        double length = random.NextDouble();
        double side = random.NextDouble() < 0.5 ? -1 : 1;
        if (kind < 0.3 && last.Kind != Regime.Trend) return new(Regime.Trend, 60 + (int)(180 * length), 0.8 * side, 1.0, price, 0);
        if (kind is >= 0.3 and < 0.4 && last.Kind != Regime.Panic) return new(Regime.Panic, 20 + (int)(40 * length), -0.5, 6.0, price, 0);
        return new(Regime.Range, 200 + (int)(400 * length), 0, 1.0, price, 0.1);
    }
}
