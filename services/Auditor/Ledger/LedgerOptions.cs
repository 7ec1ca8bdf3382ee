namespace QuadTurbo.Auditor.Ledger;

/// <summary>Sizes and waits of the ledger.</summary>
public sealed record LedgerOptions
{
    /// <summary>A segment is closed before it would exceed this size [bytes]; one record always fits. Default 256 MiB.</summary>
    public long SegmentBytes { get; init; } = 256L << 20;

    /// <summary>Most bytes appended and not yet on disk before <see cref="LedgerWriter.Append"/> waits. Default 16 MiB.</summary>
    public int BufferBytes { get; init; } = 16 << 20;

    /// <summary>Disk space kept back for what is in flight when the disk runs full [bytes]; 0 keeps none. Default 16 MiB.</summary>
    public long ReserveBytes { get; init; } = 16L << 20;

    /// <summary>How long the ledger waits before it tries a full disk again; at most one second, which is the default.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lets tests make any disk operation fail; null in production.</summary>
    public LedgerFaultHook? Faults { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SegmentBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BufferBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(ReserveBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RetryInterval, TimeSpan.FromSeconds(1));
    }
}
