using System.Globalization;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Stories;

/// <summary>A decision's story in a trader's words.</summary>
public static class StoryText
{
    /// <summary>The smallest amount that <see cref="Money"/> does not print as 0.</summary>
    private const decimal Shown = 0.000001m;

    /// <summary>One line for a list.</summary>
    public static string Line(DecisionStory story) =>
        $"{story.Decision.Id}  {(story.Decision.Passed ? "passed " : "refused")}  {What(story.Decision.Opportunity)}, net edge {Bps(story.Decision.Opportunity.NetEdgeBps)}";

    /// <summary>Everything, line by line.</summary>
    public static IEnumerable<string> Of(DecisionStory story)
    {
        Decision decision = story.Decision;
        Opportunity opportunity = decision.Opportunity;
        string currency = Currency.Of(opportunity.Market);
        yield return $"{decision.Id}: {(decision.Passed ? "PASSED" : "REFUSED")} ({What(opportunity)})";
        yield return $"  known at   {opportunity.KnownAt:yyyy-MM-dd HH:mm:ss.fff} UTC{(opportunity.Submitted ? ", sent in by a caller" : "")}; ledger record {story.Sequence}";
        yield return $"  prices     {Prices(opportunity)}";
        yield return $"  size       {Number(opportunity.Quantity)} units{SizeNote(opportunity.Size)}; estimated profit after fees {Money(opportunity.ExpectedProfit, currency)}";
        yield return $"  edge       gross {Bps(opportunity.GrossEdgeBps)} - fees {Bps(opportunity.FeeBps)} = net {Bps(opportunity.NetEdgeBps)}";
        yield return $"  score      {GateReading.Show(decision.Score)} by model {decision.Model}";
        yield return "";
        yield return $"  {"gate",-18}{"state",-9}{"measured",13}    {"limit",-13}{"",-9}what is measured";
        foreach (GateReading gate in GateReading.Of(decision)) yield return Gate(gate);
        yield return "";
        foreach (Lane lane in new[] { Lane.Production, Lane.ShadowSim, Lane.Training }) yield return $"  {Name(lane),-11}{Outcome(story, lane, currency)}";
        if (story.Gap is { } gap) yield return $"  {"twin gap",-11}{Gap(gap, currency)}";
        yield return "";
        yield return "the nearest change that flips it:";
        foreach (string line in NearestChange.Of(decision)) yield return "  " + line;
    }

    /// <summary>The opportunity in a few words.</summary>
    public static string What(Opportunity opportunity) =>
        opportunity.Kind == OpportunityKind.CrossVenue
            ? $"gap in {opportunity.Market}: buy at {opportunity.Buy.Instrument.Venue}, sell at {opportunity.Sell.Instrument.Venue}"
            : $"{opportunity.Side.ToString().ToLowerInvariant()} {opportunity.Mode.ToString().ToLowerInvariant()} in {opportunity.Market} at {opportunity.Buy.Instrument.Venue}";

    private static string Prices(Opportunity opportunity)
    {
        string prices = opportunity.Kind == OpportunityKind.CrossVenue
            ? $"buy {opportunity.Buy.Instrument} at {Number(opportunity.Buy.Price)}, sell {opportunity.Sell.Instrument} at {Number(opportunity.Sell.Price)}"
            : $"bid {Number(opportunity.Sell.Price)}, ask {Number(opportunity.Buy.Price)}";
        return opportunity.Barriers is { } barriers
            ? $"{prices}; take profit {Bps(barriers.TakeProfitBps)}, stop loss {Bps(barriers.StopLossBps)}, at most {barriers.Timeout.TotalMinutes:0.#} min"
            : prices;
    }

    private static string SizeNote(SizeKnowledge size) => size switch
    {
        SizeKnowledge.Assumed => " (a touch is not recorded: assumed)",
        SizeKnowledge.Refused => " (a contract of unknown value is not sized)",
        _ => "",
    };

    private static string Gate(GateReading gate)
    {
        string state = gate.Result.State.ToString().ToLowerInvariant();
        (string measured, string limit) = gate.Definition.Comparison == GateComparison.OneOf
            ? (gate.Opportunity.Regime.ToString(), "allowed ones")
            : (GateReading.Show(gate.Result.Measured), gate.Result is { State: GateState.Pass, Limit: double.NaN } ? "none" : GateReading.Show(gate.Result.Limit));
        return $"  {gate.Definition.Name,-18}{state,-9}{measured,13} {gate.Sign,-2} {limit,-13}{(gate.Binds ? "binds" : "advises"),-9}{gate.Definition.Measures}";
    }

    private static string Outcome(DecisionStory story, Lane lane, string currency)
    {
        if (!story.Due.HasFlag(lane.AsDue())) return lane == Lane.Production && !story.Decision.Passed ? "not due: it was refused" : "not due: the lane was off";
        if (story.OutcomeOf(lane) is not { } outcome) return "due, not known yet";
        if (outcome.Missed != MissCode.None)
            return $"missed: {Names.Snake(outcome.Missed.ToString())}{(outcome.Detail is { } detail ? $" ({detail})" : "")}";
        if (outcome.Trade is not { } trade) return "recorded as a sample";
        return $"{(trade.Won ? "won" : "lost")} {Money(trade.Net, currency)} ({trade.NetBps:0.00} bps): in at {Number(trade.Entry.Price)} ({trade.Entry.Instrument.Venue}), "
            + $"out at {Number(trade.Exit.Price)} ({trade.Exit.Instrument.Venue}, {Names.Snake(trade.Reason.ToString())}), gross {Money(trade.Gross, currency)}, fees {Money(trade.Fees, currency)}";
    }

    private static string Gap(GapCauses gap, string currency)
    {
        IEnumerable<string> causes = gap.ByName.Where(c => Math.Abs(c.Amount) >= Shown).Select(c => $"{c.Name} {Money(c.Amount, currency)}");
        return $"{Money(gap.Total, currency)} = {string.Join(" + ", causes.DefaultIfEmpty("nothing"))} (production - shadow)";
    }

    private static string Name(Lane lane) => lane switch
    {
        Lane.Production => "production",
        Lane.ShadowSim => "shadow",
        _ => "training",
    };

    private static string Money(decimal amount, string currency) => $"{amount.ToString("0.00####", CultureInfo.InvariantCulture)} {currency}";

    private static string Number(decimal number) => number.ToString("#,0.########", CultureInfo.InvariantCulture);

    private static string Bps(double bps) => double.IsNaN(bps) ? "unknown" : $"{bps.ToString("0.00", CultureInfo.InvariantCulture)} bps";
}
