namespace QuadTurbo.Auditor.Ledger;

/// <summary>The places at which the ledger can be made to die (<see cref="Hosting.Faults.CrashPoint"/>), in the order of a record's life.</summary>
public static class LedgerCrashPoints
{
    /// <summary>The record is in memory, not yet handed to the disk.</summary>
    public const string AfterAppend = "ledger.after-append";

    /// <summary>A full segment is durable, its successor does not exist.</summary>
    public const string BeforeRotate = "ledger.before-rotate";

    /// <summary>The new segment's file exists and is empty.</summary>
    public const string AfterRotate = "ledger.after-rotate";

    /// <summary>A batch is closed, none of it is written.</summary>
    public const string BeforeWrite = "ledger.before-write";

    /// <summary>Half of a batch's bytes are written.</summary>
    public const string MidWrite = "ledger.mid-write";

    /// <summary>A batch is written.</summary>
    public const string AfterWrite = "ledger.after-write";

    /// <summary>A batch is about to be forced to disk.</summary>
    public const string BeforeFlush = "ledger.before-flush";

    /// <summary>A batch is durable and not yet acknowledged.</summary>
    public const string AfterFlush = "ledger.after-flush";

    /// <summary>All is durable, the seal is not begun.</summary>
    public const string BeforeSeal = "ledger.before-seal";

    /// <summary>The seal's temporary file is durable and not yet renamed.</summary>
    public const string MidSeal = "ledger.mid-seal";

    /// <summary>The seal is durable.</summary>
    public const string AfterSeal = "ledger.after-seal";

    /// <summary>The torn tail of a crash is cut off.</summary>
    public const string AfterTruncate = "ledger.after-truncate";

    /// <summary>A sealed ledger is open for writing again, its seal is removed.</summary>
    public const string AfterUnseal = "ledger.after-unseal";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        AfterAppend, BeforeRotate, AfterRotate, BeforeWrite, MidWrite, AfterWrite, BeforeFlush, AfterFlush, BeforeSeal, MidSeal, AfterSeal,
        AfterTruncate, AfterUnseal,
    ];
}
