#pragma warning disable CA1032 // Thrown with what it needs to say.

namespace QuadTurbo.Trading.Views;

/// <summary>Why the auditor cannot answer now.</summary>
public enum AuditTrouble
{
    /// <summary>The SQL tables were damaged and are being made again from the ledger.</summary>
    TablesDamaged,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The SQL tables can be neither read nor made: a failed disk, or missing rights.</summary>
    TablesUnreadable,

    /// <summary>The ledger waits for its disk, and the account with it.</summary>
    LedgerWaits,
}

/// <summary>The auditor cannot answer for now; the message says why and what to do, and names no path.</summary>
/// <param name="trouble">Why.</param>
/// <param name="message">Why and what to do, in words.</param>
/// <param name="cause">What says more to people at this machine, such as paths; null for nothing.</param>
public sealed class AuditUnavailableException(AuditTrouble trouble, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why.</summary>
    public AuditTrouble Trouble { get; } = trouble;
}
