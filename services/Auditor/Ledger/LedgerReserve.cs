namespace QuadTurbo.Auditor.Ledger;

/// <summary>A file of real bytes that can be given up for what is in flight when the disk runs full.</summary>
internal sealed class LedgerReserve
{
    private const int Chunk = 1 << 20;
    private readonly string _path;
    private readonly string _dataDirectory;
    private readonly long _bytes;
    private readonly LedgerFaultHook? _faults;

    public LedgerReserve(string dataDirectory, LedgerOptions options)
    {
        (_dataDirectory, _path, _faults) = (dataDirectory, LedgerFormat.ReservePath(dataDirectory), options.Faults);
        // On a disk this small the reserve would be what fills it.
        _bytes = new DriveInfo(Path.GetFullPath(dataDirectory)).TotalSize < 8 * options.ReserveBytes ? 0 : options.ReserveBytes;
    }

    /// <summary>True if it is there, or none is kept.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Frees the space; false if there was none to free.</summary>
    public bool TryRelease()
    {
        if (_bytes == 0 || !File.Exists(_path))
            return false;
        IsWhole = false;
        File.Delete(_path);
        return true;
    }

    /// <summary>Takes the space again once twice as much is free, so that it never takes the last of it.</summary>
    public bool TryRestore()
    {
        if (IsWhole)
            return true;
        if (_bytes == 0 || (File.Exists(_path) && new FileInfo(_path).Length == _bytes))
            return IsWhole = true;
        if (new DriveInfo(Path.GetFullPath(_dataDirectory)).AvailableFreeSpace < 2 * _bytes)
            return false;
        try
        {
            using var file = LedgerFile.Open(_path, FileMode.Create, _faults);
            byte[] zeros = new byte[(int)Math.Min(Chunk, _bytes)];
            for (long at = 0; at < _bytes; at += zeros.Length)
                file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, _bytes - at)), at);
            file.Flush();
            return IsWhole = true;
        }
        catch (IOException)
        {
            File.Delete(_path);
            return false;
        }
    }
}
