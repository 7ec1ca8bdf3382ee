namespace QuadTurbo.Trading.Views;

/// <summary>Asks for the auditor's part of the first page.</summary>
public readonly record struct AuditQuestion;

/// <summary>Asks what graduation is judged on.</summary>
public readonly record struct GraduationQuestion;

/// <summary>Asks what stops lane 1.</summary>
public readonly record struct GuardQuestion;

/// <summary>Asks for the gates on trial.</summary>
public readonly record struct GatesQuestion;

/// <summary>Asks how often each way of executing succeeds.</summary>
public readonly record struct MatrixQuestion;

/// <summary>Asks for the curve of profit.</summary>
/// <param name="Points">Most points of the answer.</param>
public readonly record struct EquityQuestion(int Points);

/// <summary>Asks for one page of a list, newest first.</summary>
/// <param name="Limit">Most items of it.</param>
/// <param name="Before">Only what the ledger holds before this record; null for the newest.</param>
public readonly record struct PageQuestion(int Limit, long? Before);

/// <summary>Asks for one page of decisions that fit every condition that is not null.</summary>
public sealed record OpportunitiesQuestion
{
    /// <summary>Which page.</summary>
    public required PageQuestion Page { get; init; }

    /// <summary>The symbol.</summary>
    public string? Symbol { get; init; }

    /// <summary><c>cross_venue</c> or <c>directional</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether it passed.</summary>
    public bool? Passed { get; init; }

    /// <summary>A gate that refused it.</summary>
    public string? Gate { get; init; }

    /// <summary><c>production</c> or <c>shadow_sim</c>: the lane owes it an outcome, and <see cref="Result"/> is that lane's.</summary>
    public string? Lane { get; init; }

    /// <summary><c>win</c>, <c>loss</c>, <c>breakeven</c> or <c>missed</c>; of either lane where none is named.</summary>
    public string? Result { get; init; }

    /// <summary>Label of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Least edge after fees, bps.</summary>
    public double? MinNetBps { get; init; }
}

/// <summary>Asks for everything about one decision.</summary>
/// <param name="Id">32 hex digits, or the first 4 and more.</param>
public sealed record StoryQuestion(string Id);

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">What is answered.</typeparam>
/// <param name="Found">The answer; null where nothing is known of it.</param>
/// <param name="Why">Why not, in words; empty where there is one.</param>
public sealed record Sought<T>(T? Found, string Why)
    where T : class;
