namespace QuadTurbo.Training.Cycle;

/// <summary>What is due at an hour of the day.</summary>
public enum DailyTask
{
    /// <summary>00:00 UTC: learn from everything that is known [CYC-01].</summary>
    Night,

    /// <summary>23:00 UTC: say what the day was [CYC-03].</summary>
    Summary,
}

/// <summary>A daily task and the instant at which it was due, UTC.</summary>
public readonly record struct DueTask(DailyTask Task, DateTime At);

/// <summary>Says which daily tasks are due, on the time of the feed: twelve recorded days have twelve nights. Not thread-safe.</summary>
/// <remarks>
/// A task is due once everything known at its hour has been heard: when something later is known, or the feed has ended at or after it.
/// A feed that stood still over several days owes each night; of more than <see cref="Most"/> tasks the last ones are kept.
/// </remarks>
public sealed class DailyCycle
{
    /// <summary>Most tasks that one step in time makes due.</summary>
    public const int Most = 64;

    private static readonly TimeSpan SummaryHour = TimeSpan.FromHours(23);
    private DateTime? _next;

    /// <summary>The hour of the next task; null before the first instant.</summary>
    public DateTime? Next => _next;

    /// <summary>Goes on after a restart: the next task is the one that was due then.</summary>
    public void Restore(DateTime? next) => _next = next;

    /// <summary>The tasks that <paramref name="knownAt"/> makes due, in order of time; none at the first instant.</summary>
    /// <param name="knownAt">Something is known at this instant, UTC.</param>
    /// <param name="ended">Nothing more will be known at this instant: a task at this very hour is due.</param>
    public IReadOnlyList<DueTask> Advance(DateTime knownAt, bool ended = false)
    {
        _next ??= After(knownAt);
        if (knownAt < _next || (knownAt == _next && !ended)) return [];
        var due = new List<DueTask>();
        for (DateTime at = _next.Value; at < knownAt || (at == knownAt && ended); at = After(at))
        {
            if (due.Count == Most) due.RemoveAt(0);
            due.Add(new DueTask(at.TimeOfDay == TimeSpan.Zero ? DailyTask.Night : DailyTask.Summary, at));
            _next = After(at);
        }
        return due;
    }

    private static DateTime After(DateTime at) => at.TimeOfDay < SummaryHour ? at.Date + SummaryHour : at.Date.AddDays(1);
}
