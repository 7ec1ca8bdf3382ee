using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Reconciliation;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Stories;

/// <summary>One decision and everything that followed from it, as the ledger tells it.</summary>
public sealed class DecisionStory
{
    private const int MostNamed = 8;
    private readonly List<OutcomeRecord> _outcomes = [];

    internal DecisionStory(long sequence, DecisionRecord record) => (Sequence, Decision, Due) = (sequence, record.Decision, record.Due);

    /// <summary>The ledger record that holds the decision.</summary>
    public long Sequence { get; }

    /// <summary>What was decided.</summary>
    public Decision Decision { get; }

    /// <summary>The lanes that owe it an outcome.</summary>
    public DueLanes Due { get; }

    /// <summary>Takes up what a lane made of it.</summary>
    internal void Add(OutcomeRecord outcome) => _outcomes.Add(outcome);

    /// <summary>What <paramref name="lane"/> made of it; null while that is not known, or when the lane does not owe one.</summary>
    public Outcome? OutcomeOf(Lane lane) => _outcomes.Find(o => o.Lane == lane)?.Of(Decision);

    /// <summary>production net − shadow net in causes; null unless both lanes gave an outcome.</summary>
    public GapCauses? Gap =>
        OutcomeOf(Lane.Production) is { } production && OutcomeOf(Lane.ShadowSim) is { } shadow ? GapSplit.Of(production, shadow) : null;

    /// <summary>The story of the one decision whose id begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="UnknownStoryException">No decision does, or several do; the message names the nearest.</exception>
    public static DecisionStory Find(string directory, string prefix)
    {
        var wanted = IdPrefix.Parse(prefix.ToLowerInvariant());
        var found = new Dictionary<OpportunityId, DecisionStory>();
        (OpportunityId Id, int Shared)? nearest = null;
        long matches = 0;
        foreach ((long sequence, object record) in LedgerFold.Events(directory))
        {
            if (record is OutcomeRecord outcome && found.TryGetValue(outcome.Id, out DecisionStory? told)) told.Add(outcome);
            if (record is not DecisionRecord decided) continue;
            int shared = wanted.Shared(decided.Decision.Id);
            if (nearest is not { } near || shared > near.Shared) nearest = (decided.Decision.Id, shared);
            if (shared == wanted.Digits && ++matches <= MostNamed) found[decided.Decision.Id] = new DecisionStory(sequence, decided);
        }
        return matches switch
        {
            1 => found.Values.Single(),
            0 => throw new UnknownStoryException(
                nearest is { } n ? $"ID '{prefix}' is not in the ledger of '{directory}'; the nearest is {n.Id}" : $"the ledger of '{directory}' holds no decision yet"),
            _ => throw new UnknownStoryException($"ID '{prefix}' begins {matches} ids, give more digits: {string.Join(", ", found.Keys)}{(matches > MostNamed ? ", ..." : "")}"),
        };
    }

    /// <summary>The last <paramref name="count"/> decisions, oldest first.</summary>
    public static IReadOnlyCollection<DecisionStory> Last(string directory, int count)
    {
        var last = new Queue<DecisionStory>();
        foreach ((long sequence, object record) in LedgerFold.Events(directory))
        {
            if (record is OutcomeRecord outcome) last.FirstOrDefault(s => s.Decision.Id == outcome.Id)?.Add(outcome);
            if (record is not DecisionRecord decided) continue;
            if (last.Count == count) last.Dequeue();
            last.Enqueue(new DecisionStory(sequence, decided));
        }
        return last;
    }
}
