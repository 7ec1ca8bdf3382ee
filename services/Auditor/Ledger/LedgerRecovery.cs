using QuadTurbo.Hosting.Faults;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>What opening for writing does to a ledger that a crash left behind.</summary>
internal static class LedgerRecovery
{
    /// <summary>Durably removes what follows the intact part that <paramref name="scan"/> found, if that is a torn tail.</summary>
    public static void CutTornTail(string dataDirectory, LedgerScan scan, LedgerFaultHook? faults)
    {
        if (scan.Verification is not LedgerVerification.TornTail)
            return;
        string beyond = LedgerFormat.SegmentPath(dataDirectory, scan.Segment + 1);
        if (File.Exists(beyond))
        {
            File.Delete(beyond);
            LedgerFile.FlushDirectory(LedgerFormat.Folder(dataDirectory), faults);
        }
        else
        {
            using var file = LedgerFile.Open(LedgerFormat.SegmentPath(dataDirectory, scan.Segment), FileMode.Open, faults);
            file.SetLength(scan.Length);
            file.Flush();
        }

        CrashPoint.Hit(LedgerCrashPoints.AfterTruncate);
    }
}
