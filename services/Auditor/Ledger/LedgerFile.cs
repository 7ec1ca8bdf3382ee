using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>A file that the ledger writes: every write and flush passes the fault hook first.</summary>
internal sealed class LedgerFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly LedgerFaultHook? _faults;

    private LedgerFile(SafeFileHandle handle, string path, LedgerFaultHook? faults) => (_handle, _path, _faults) = (handle, path, faults);

    public static LedgerFile Open(string path, FileMode mode, LedgerFaultHook? faults) =>
        new(File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path, faults);

    /// <summary>Makes the entries of <paramref name="directory"/> (files created, renamed, deleted) durable.</summary>
    public static void FlushDirectory(string directory, LedgerFaultHook? faults)
    {
        Ask(faults, new LedgerOperation(LedgerOperationKind.Flush, directory));
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = open(directory, 0);
        if (descriptor < 0)
            throw Failure(Marshal.GetLastPInvokeError(), directory);
        int error = fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = close(descriptor);
        if (error != 0)
            throw Failure(error, directory);
    }

    /// <exception cref="IOException">The bytes are not, or not all, in the file.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_faults?.Invoke(new LedgerOperation(LedgerOperationKind.Write, _path, offset, bytes.Length)) is { } fault)
        {
            RandomAccess.Write(_handle, bytes[..Math.Min(fault.BytesFirst, bytes.Length)], offset);
            throw Failure(fault.ErrorNumber, _path);
        }

        RandomAccess.Write(_handle, bytes, offset);
    }

    /// <exception cref="IOException">What was written since the last flush may be lost; this handle must not be flushed again.</exception>
    public void Flush()
    {
        Ask(_faults, new LedgerOperation(LedgerOperationKind.Flush, _path));
        RandomAccess.FlushToDisk(_handle);
    }

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Dispose() => _handle.Dispose();

    private static void Ask(LedgerFaultHook? faults, LedgerOperation operation)
    {
        if (faults?.Invoke(operation) is { } fault)
            throw Failure(fault.ErrorNumber, operation.Path);
    }

    private static IOException Failure(int errorNumber, string path) =>
        new($"{Marshal.GetPInvokeErrorMessage(errorNumber)} : '{path}'", errorNumber);

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // Three calls of the C library; source generation would need unsafe code.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
