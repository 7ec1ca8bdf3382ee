namespace QuadTurbo.Auditor.Ledger;

/// <summary>Asked before each disk operation of the ledger; a value makes that operation fail.</summary>
public delegate LedgerFault? LedgerFaultHook(LedgerOperation operation);

/// <summary>What the ledger is about to do.</summary>
public enum LedgerOperationKind
{
    /// <summary>Write <see cref="LedgerOperation.Length"/> bytes at <see cref="LedgerOperation.Offset"/>.</summary>
    Write,

    /// <summary>Force a file, or a directory's entries, to the disk.</summary>
    Flush,
}

/// <summary>One disk operation: its kind, the file or directory, and for a write its range.</summary>
public readonly record struct LedgerOperation(LedgerOperationKind Kind, string Path, long Offset = 0, int Length = 0);

/// <summary>A failure to inject: the error number, and how many bytes reach the file before it.</summary>
public sealed record LedgerFault(int ErrorNumber, int BytesFirst = 0)
{
    /// <summary>EIO: the device failed.</summary>
    public const int InputOutput = 5;

    /// <summary>ENOSPC: no space left on the device.</summary>
    public const int NoSpace = 28;

    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static bool IsFull(IOException error) => error.HResult is NoSpace or QuotaExceeded or WindowsDiskFull;
}
