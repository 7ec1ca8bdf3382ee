using System.Runtime.InteropServices;

namespace QuadTurbo.Services.Tests.Registry;

/// <summary>A named pipe that nobody writes to: whoever opens it to read waits for ever.</summary>
internal static partial class Pipe
{
    private const uint ReadWrite = 0b110_000_000;

    /// <summary>Makes one.</summary>
    public static string Make(string path) => MakeFifo(path, ReadWrite) == 0 ? path : throw new IOException($"no pipe at {path}: {Marshal.GetLastPInvokeError()}");

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakeFifo(string path, uint mode);
}
