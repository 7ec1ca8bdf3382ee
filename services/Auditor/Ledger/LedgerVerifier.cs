namespace QuadTurbo.Auditor.Ledger;

/// <summary>Checks every byte of a ledger, changing none.</summary>
public static class LedgerVerifier
{
    /// <summary>
    /// Intact, torn at its end by a crash, or damaged, with the first damaged record named. Beside a live writer an unfinished last write is
    /// the writer's own and the records before it are the answer.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such data directory.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LedgerVerification Verify(string dataDirectory)
    {
        if (!Directory.Exists(dataDirectory))
            throw new DirectoryNotFoundException($"data directory '{dataDirectory}' does not exist");
        var scan = LedgerScan.Run(dataDirectory);
        return scan.Verification is LedgerVerification.TornTail torn && LedgerLock.IsHeld(dataDirectory)
            ? new LedgerVerification.Intact(torn.Sequence, torn.Head, false)
            : scan.Verification;
    }

    /// <summary>True while some process, this one included, writes <paramref name="dataDirectory"/>.</summary>
    public static bool IsBeingWritten(string dataDirectory) => LedgerLock.IsHeld(dataDirectory);
}
