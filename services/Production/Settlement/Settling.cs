using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Production.Settlement;

/// <summary>From what the venue did to the outcome that the lane reports.</summary>
internal static class Settling
{
    /// <summary>The outcome of an order that came to its end at the venue.</summary>
    public static Outcome OutcomeOf(in SimulatedTrade trade) => trade.AsOutcome(Lane.Production) with { Detail = InWords(trade.Missed) };

    /// <summary>The outcome of a decision that was never in the venue's book.</summary>
    public static Outcome NeverSent(Decision decision, MissCode code, string why) => new()
    {
        Decision = decision,
        Lane = Lane.Production,
        Missed = code,
        Detail = why,
        At = decision.Opportunity.KnownAt,
    };

    private static string? InWords(MissCode code) => code switch
    {
        MissCode.None => null,
        MissCode.NoQuote => "no good quote when the order was due",
        MissCode.Stale => "the last quote was too old when the order was due",
        _ => throw new InvalidOperationException($"the simulator does not miss an order as {code}"),
    };
}
