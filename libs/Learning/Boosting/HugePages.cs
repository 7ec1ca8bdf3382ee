using System.Runtime.InteropServices;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Asks Linux for pages of 2 MiB.</summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 2 << 20;

    private const int MadvHugePage = 14;

    /// <summary>Asks for them from an address that is a multiple of <see cref="Size"/>; a refusal is of no consequence.</summary>
    public static void Ask(void* address, nuint length) => _ = Advise(address, length, MadvHugePage);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
