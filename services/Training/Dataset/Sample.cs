using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>One row to learn from: what was known at the decision, and what became of it.</summary>
public sealed record Sample
{
    private readonly FeatureVector _features;

    /// <summary>The opportunity.</summary>
    public required OpportunityId Id { get; init; }

    /// <summary>Gap or direction: each kind has a model of its own.</summary>
    public required OpportunityKind Kind { get; init; }

    /// <summary>t₀: when it was decided, UTC.</summary>
    public required DateTime DecidedAt { get; init; }

    /// <summary>t₁: when its outcome was known, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>Model inputs at t₀.</summary>
    public required FeatureVector Features { get => _features; init => _features = value; }

    /// <summary>What the serving model said at t₀; NaN when it said nothing.</summary>
    public required double Score { get; init; }

    /// <summary>Net of fees on both sides, bps of the entry price.</summary>
    public required double NetBps { get; init; }

    /// <summary>One unit made money after fees; exact, where <see cref="NetBps"/> is rounded.</summary>
    public required bool Won { get; init; }

    /// <summary>What the fills cost against the quotes of t₀, bps; positive is worse; NaN when it is not known.</summary>
    public required double SlippageBps { get; init; }

    /// <summary>The lane whose trade it is.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The model inputs where they lie, without a copy.</summary>
    public ReadOnlySpan<float> ReadFeatures() => _features;

    /// <summary>The sample that a filled decision makes.</summary>
    public static Sample Of(Decision decision, Lane lane, Trade trade)
    {
        Opportunity opportunity = decision.Opportunity;
        decimal unitNet = trade.UnitNet;
        return new Sample
        {
            Id = decision.Id,
            Kind = opportunity.Kind,
            DecidedAt = opportunity.KnownAt,
            KnownAt = trade.Exit.At,
            Features = opportunity.Features,
            Score = decision.Score,
            NetBps = (double)unitNet / (double)trade.Entry.Price * 1e4,
            Won = unitNet > 0m,
            SlippageBps = SlippageOf(opportunity, trade),
            Lane = lane,
        };
    }

    /// <summary>The sample that a trade of another program makes; what its fills cost is not known.</summary>
    /// <param name="reported">What became of it.</param>
    /// <param name="knownAt">t₁ on the clock of the other samples.</param>
    public static Sample Of(OutcomeReported reported, DateTime knownAt) => new()
    {
        Id = reported.Id,
        Kind = reported.Kind,
        DecidedAt = knownAt - reported.Duration,
        KnownAt = knownAt,
        Features = reported.Features,
        Score = double.NaN,
        NetBps = reported.PnlBps,
        Won = reported.Won,
        SlippageBps = double.NaN,
        Lane = Lane.Production,
    };

    /// <summary>A gap: the edge that was seen less the one that was traded. A direction: the way from the quote to the entry.</summary>
    private static double SlippageOf(Opportunity opportunity, Trade trade)
    {
        double entry = (double)trade.Entry.Price;
        if (opportunity.Kind == OpportunityKind.CrossVenue) return opportunity.GrossEdgeBps - ((double)trade.Exit.Price / entry - 1) * 1e4;
        bool buying = trade.Side == TradeSide.Long;
        double quoted = (double)(buying ? opportunity.Buy.Price : opportunity.Sell.Price);
        double moved = (entry / quoted - 1) * 1e4;
        return buying ? moved : -moved;
    }
}
