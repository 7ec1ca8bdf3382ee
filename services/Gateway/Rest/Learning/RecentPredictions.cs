using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>The last predictions of the path, for who looks; the oldest give way.</summary>
/// <remarks>It listens on a queue of its own that drops its oldest message: nothing on the path waits for it.</remarks>
internal sealed class RecentPredictions
{
    /// <summary>Predictions that are kept.</summary>
    public const int Most = 1_000;

    /// <summary>Predictions that wait to be taken.</summary>
    public const int MostWaiting = 20_000;

    private readonly Lock _gate = new();
    private readonly Decision[] _ring = new Decision[Most];
    private long _count;
    private long _dropped;

    /// <summary>Takes one half of a batch.</summary>
    public void Add(OpportunityJudged judged)
    {
        Decision[] decisions = judged.Decisions;
        if (decisions.Length == 0) return;
        lock (_gate)
        {
            // Of a batch larger than the ring only its end would stay.
            for (int i = Math.Max(0, decisions.Length - Most); i < decisions.Length; i++) _ring[_count++ % Most] = decisions[i];
        }
    }

    /// <summary>Counts what the queue dropped.</summary>
    public void Drop(OpportunityJudged judged) => Interlocked.Add(ref _dropped, judged.Decisions.Length);

    /// <summary>A page, the newest first.</summary>
    /// <param name="limit">Most rows.</param>
    /// <param name="before">The position before which it begins; null for the newest.</param>
    public PredictionsPage Page(int limit, long? before)
    {
        Decision[] rows;
        long end, start;
        lock (_gate)
        {
            long oldest = Math.Max(0, _count - Most);
            end = Math.Clamp(before ?? _count, oldest, _count);
            start = Math.Max(oldest, end - limit);
            rows = new Decision[end - start];
            for (int i = 0; i < rows.Length; i++) rows[i] = _ring[(end - 1 - i) % Most];
            if (start == oldest) start = 0;
        }
        return new PredictionsPage([.. rows.Select(RowOf)], Interlocked.Read(ref _dropped), start > 0 ? PageQuery.Text(start) : null);
    }

    private static PredictionRow RowOf(Decision decision) => new(
        decision.Id.ToString(),
        decision.Opportunity.KnownAt,
        decision.Opportunity.Market,
        decision.Opportunity.Kind == OpportunityKind.CrossVenue ? "cross_venue" : "directional",
        Known(decision.Score),
        Known(decision.MetaLabel),
        decision.Model.Label,
        decision.Passed);

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
