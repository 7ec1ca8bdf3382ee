using System.Globalization;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>The right to write one data directory, held until disposed or until the process ends, however it ends.</summary>
internal sealed class LedgerLock : IDisposable
{
    private const int Attempts = 5;
    private readonly FileStream _file;
    private readonly string _holderPath;

    private LedgerLock(FileStream file, string holderPath) => (_file, _holderPath) = (file, holderPath);

    /// <exception cref="LedgerLockedException">Another writer holds it.</exception>
    public static LedgerLock Take(string dataDirectory)
    {
        string path = LedgerFormat.LockPath(dataDirectory);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
                WriteHolder(dataDirectory);
                return new LedgerLock(file, LedgerFormat.HolderPath(dataDirectory));
            }
            catch (IOException error) when (IsSharingViolation(error))
            {
                // A reader's look at the lock (IsHeld) excludes us for an instant; a writer stays.
                if (attempt == Attempts)
                    throw new LedgerLockedException(dataDirectory, Holder(dataDirectory), error);
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>True while some process, this one included, writes the directory.</summary>
    public static bool IsHeld(string dataDirectory)
    {
        string path = LedgerFormat.LockPath(dataDirectory);
        if (!File.Exists(path))
            return false;
        try
        {
            using var look = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            return false;
        }
        catch (IOException error) when (IsSharingViolation(error))
        {
            return true;
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (IOException)
        {
            // A stale id is overwritten by the next holder.
        }

        _file.Dispose();
    }

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsSharingViolation(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    // The locked file itself cannot be read by others, so the holder's id stands beside it.
    private static void WriteHolder(string dataDirectory)
    {
        try
        {
            File.WriteAllText(LedgerFormat.HolderPath(dataDirectory), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // On a full disk the lock still holds; only its holder's name is unknown.
        }
    }

    private static int? Holder(string dataDirectory)
    {
        try
        {
            return int.TryParse(File.ReadAllText(LedgerFormat.HolderPath(dataDirectory)), out int id) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
