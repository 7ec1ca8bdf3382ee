using System.Collections.Frozen;
using System.Diagnostics;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Registry;

/// <summary>Two models, and what each would have made of the same opportunity; both score every one, whoever judged it.</summary>
/// <param name="champion">The one that serves, or served before.</param>
/// <param name="challenger">The one that is held against it.</param>
/// <param name="timed">Whether scoring is timed; in lockstep nothing may depend on the wall clock.</param>
internal sealed class Rivals(ModelSet champion, ModelSet challenger, bool timed)
{
    // The gates that look at a model's answer; all others say of both what they said at the decision.
    private static readonly FrozenDictionary<string, Func<Opportunity, ModelAnswer, double>> ByModel = new Dictionary<string, Func<Opportunity, ModelAnswer, double>>
    {
        ["score_rule"] = static (_, answer) => answer.Score,
        ["meta_label_gate"] = static (_, answer) => answer.MetaLabel,
        ["confidence_gate"] = static (opportunity, answer) => double.MinNumber(opportunity.Confidence, answer.Confidence),
    }.ToFrozenDictionary();

    /// <summary>The model that is held against the champion.</summary>
    public ModelSet Challenger => challenger;

    /// <summary>The one that it is held against.</summary>
    public ModelSet Champion => champion;

    /// <summary>What both make of a trade; null where one has no score.</summary>
    public PairedOutcome? Of(Outcome outcome, Trade trade, out Opinion ofChampion, out Opinion ofChallenger)
    {
        ModelAnswer before = Answer(champion, outcome.Decision, out ofChampion), after = Answer(challenger, outcome.Decision, out ofChallenger);
        if (!ofChampion.Scored || !ofChallenger.Scored) return null;
        double net = trade.NetBps;
        return new PairedOutcome(
            trade.Exit.At, before.Score, after.Score, Passes(outcome.Decision, before) ? net : 0, Passes(outcome.Decision, after) ? net : 0, trade.Won);
    }

    /// <summary>Whether a decision would have passed, had the model answered so.</summary>
    internal static bool Passes(Decision decision, in ModelAnswer answer)
    {
        IReadOnlyList<GateDefinition> gates = decision.Policy.Gates;
        for (int g = 0; g < gates.Count; g++)
        {
            if (!gates[g].Binds(decision.Opportunity.Kind)) continue;
            GateResult said = decision.Gates.Span[g];
            GateState state = ByModel.TryGetValue(gates[g].Name, out Func<Opportunity, ModelAnswer, double>? measure)
                ? gates[g].Judge(measure(decision.Opportunity, answer), said.Limit).State
                : said.State;
            if (state == GateState.Fail) return false;
        }
        return true;
    }

    private ModelAnswer Answer(ModelSet model, Decision decision, out Opinion opinion)
    {
        long started = timed ? Stopwatch.GetTimestamp() : 0;
        ModelAnswer answer = model.Answer(decision.Opportunity);
        opinion = new Opinion(timed ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero, !double.IsNaN(answer.Score));
        return answer;
    }
}

/// <summary>How a model came to its score.</summary>
/// <param name="Elapsed">How long it took; nothing in lockstep.</param>
/// <param name="Scored">Whether it has one.</param>
internal readonly record struct Opinion(TimeSpan Elapsed, bool Scored);
