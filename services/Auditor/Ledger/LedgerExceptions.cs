#pragma warning disable CA1032 // Each of these is thrown in one place, with what it needs to say.

namespace QuadTurbo.Auditor.Ledger;

/// <summary>The ledger refused or failed; the message names the place.</summary>
public abstract class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another writer holds the data directory.</summary>
public sealed class LedgerLockedException(string dataDirectory, int? processId, Exception? inner = null)
    : LedgerException(
        $"data directory '{dataDirectory}' is being written by process {processId?.ToString() ?? "(unknown)"}; one writer at a time",
        inner)
{
    /// <summary>The directory that is held.</summary>
    public string DataDirectory { get; } = dataDirectory;

    /// <summary>The process that holds it, null if unknown.</summary>
    public int? ProcessId { get; } = processId;
}

/// <summary>The data directory cannot be created or written.</summary>
public sealed class LedgerDirectoryException(string dataDirectory, Exception inner)
    : LedgerException($"data directory '{dataDirectory}' cannot be written: {inner.Message}", inner)
{
    /// <summary>The directory in question.</summary>
    public string DataDirectory { get; } = dataDirectory;
}

/// <summary>The ledger holds something that was not written so; nothing is skipped and nothing is changed.</summary>
public sealed class LedgerDamagedException(LedgerVerification.Damaged damage) : LedgerException(damage.ToString())
{
    /// <summary>What is damaged, where and why.</summary>
    public LedgerVerification.Damaged Damage { get; } = damage;
}

/// <summary>The ledger has stopped for good in this process: nothing more is acknowledged until it is opened anew.</summary>
public sealed class LedgerFailedException(string why, Exception? inner = null) : LedgerException(why, inner);
