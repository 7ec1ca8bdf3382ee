using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>Joins decisions with the trades that label them: one sample per opportunity, in the order in which the labels are settled.</summary>
/// <remarks>
/// The label is the shadow lane's trade, which exists for refused opportunities too; where shadow did not fill, it is production's. Memory is bounded
/// by the opportunities whose outcomes are not all in.
/// </remarks>
public sealed class SampleJoin
{
    private readonly Dictionary<OpportunityId, Open> _open = [];

    /// <summary>Follows a decision that production, shadow or both owe an outcome.</summary>
    public void Decided(Decision decision, bool productionDue, bool shadowDue)
    {
        int due = (productionDue ? 1 : 0) + (shadowDue ? 1 : 0);
        if (due > 0) _open.Add(decision.Id, new Open(decision) { Due = due });
    }

    /// <summary>Takes the outcome of <paramref name="lane"/>; <paramref name="trade"/> is null when it missed.</summary>
    /// <returns>The sample, once no better label can come; null before, and for an opportunity that nobody filled.</returns>
    public LabelledSample? Settled(OpportunityId id, Lane lane, Trade? trade)
    {
        if (lane is not (Lane.Production or Lane.ShadowSim) || !_open.TryGetValue(id, out Open? open)) return null;
        if (trade is not null && (open.Label is null || lane == Lane.ShadowSim)) open.Label = new LabelledSample(open.Decision, lane, trade);
        if (--open.Due > 0) return null;
        _open.Remove(id);
        return open.Label;
    }

    /// <summary>The samples whose other outcome is not in yet, in no particular order.</summary>
    public IEnumerable<LabelledSample> Rest() => _open.Values.Select(o => o.Label).OfType<LabelledSample>();

    private sealed class Open(Decision decision)
    {
        public Decision Decision { get; } = decision;

        public int Due { get; set; }

        public LabelledSample? Label { get; set; }
    }
}
