using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Simulation;

/// <summary>Taker fees by venue; the same for detection, the cost gate, the simulator and the paper venue (C16).</summary>
public sealed class FeeSchedule
{
    private readonly decimal _default;
    private readonly Dictionary<string, decimal> _byVenue;

    /// <summary>A schedule.</summary>
    /// <param name="takerBps">Fee of every venue not named, bps of the notional.</param>
    /// <param name="byVenue">Fee in bps by venue; null for none.</param>
    public FeeSchedule(decimal takerBps = 10m, IEnumerable<KeyValuePair<string, decimal>>? byVenue = null)
    {
        _default = takerBps / 10_000m;
        _byVenue = (byVenue ?? []).ToDictionary(v => v.Key, v => v.Value / 10_000m, StringComparer.Ordinal);
    }

    /// <summary>Share of the notional that a taker pays at <paramref name="venue"/>.</summary>
    public decimal RateAt(string venue) => _byVenue.Count > 0 && _byVenue.TryGetValue(venue, out decimal rate) ? rate : _default;

    /// <summary>Profit of one unit bought at <paramref name="buy"/> and sold at <paramref name="sell"/>, after both fees, quote currency.</summary>
    /// <remarks>bid × (1 − fee) − ask × (1 + fee)</remarks>
    public decimal UnitNet(in Offer buy, in Offer sell) =>
        sell.Price * (1m - RateAt(sell.Instrument.Venue)) - buy.Price * (1m + RateAt(buy.Instrument.Venue));
}
