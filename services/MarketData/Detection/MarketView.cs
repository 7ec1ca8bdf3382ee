using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.MarketData.Detection;

/// <summary>What detection sees of the market at one instant. Single writer.</summary>
/// <param name="feed">Kind of the feed: part of every opportunity's identity. Not its name, which is a path.</param>
/// <param name="session">Its session.</param>
/// <param name="fees">What venues charge.</param>
/// <param name="notional">Order size, quote currency.</param>
public sealed class MarketView(string feed, string session, FeeSchedule fees, decimal notional)
{
    private int _minuteOfDay = -1;

    /// <summary>Last good quotes.</summary>
    public BookTable Books { get; } = new();

    /// <summary>Recent moves.</summary>
    public DynamicsTable Dynamics { get; } = new();

    /// <summary>What venues charge.</summary>
    public FeeSchedule Fees { get; } = fees;

    /// <summary>Feed position of the instant.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>The instant, UTC.</summary>
    public DateTime KnownAt { get; private set; }

    /// <summary>sin and cos of the minute of the day.</summary>
    public (double Sin, double Cos) Hour { get; private set; }

    /// <summary>Takes in all quotes of one instant, before anything is looked for.</summary>
    public void Apply(ReadOnlySpan<Quote> quotes, DateTime knownAt, long position)
    {
        (Position, KnownAt) = (position, knownAt);
        Books.Apply(quotes, knownAt);
        Dynamics.Apply(quotes, knownAt);
        int minute = knownAt.Hour * 60 + knownAt.Minute;
        if (minute == _minuteOfDay) return;
        _minuteOfDay = minute;
        double angle = 2 * Math.PI * minute / 1440;
        Hour = (Math.Sin(angle), Math.Cos(angle));
    }

    /// <summary>The unchanging part of a route's identity.</summary>
    public RouteKey RouteOf(string route) => RouteKey.Of(feed, session, route);

    /// <summary>The order size at <paramref name="price"/>, limited by the touches that are known, and what is assumed about it.</summary>
    public (decimal Quantity, SizeKnowledge Knowledge) SizeOf(decimal price, in Offer first, in Offer second)
    {
        decimal quantity = notional / price;
        if (first.Instrument.Sizing.Unit == SizeUnit.Unknown || second.Instrument.Sizing.Unit == SizeUnit.Unknown)
            return (quantity, SizeKnowledge.Refused);
        if (first.Size is { } a) quantity = Math.Min(quantity, a);
        if (second.Size is { } b) quantity = Math.Min(quantity, b);
        return (quantity, first.Size is null || second.Size is null ? SizeKnowledge.Assumed : SizeKnowledge.Known);
    }
}
