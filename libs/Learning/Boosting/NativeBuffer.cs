using System.Runtime.InteropServices;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Memory outside the managed heap, freed on dispose: aligned, and on huge pages where Linux has them.</summary>
/// <remarks>
/// Random access to tens of megabytes is bound by address translation: on 4 KiB pages training on a million rows took 3 times as long.
/// </remarks>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;

    // A read of a vector, or of the bins of eight features, may go past the last element.
    private const int Slack = 64;

    public NativeBuffer(long length)
    {
        nuint bytes = checked((nuint)(length * sizeof(T)) + Slack);
        bool huge = OperatingSystem.IsLinux() && bytes >= HugePages.Size;
        Pointer = (T*)NativeMemory.AlignedAlloc(bytes, huge ? HugePages.Size : (nuint)CacheLine);
        if (huge) HugePages.Ask(Pointer, bytes);
    }

    ~NativeBuffer() => NativeMemory.AlignedFree(Pointer);

    /// <summary>The first element; the contents are whatever was there.</summary>
    public T* Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        GC.SuppressFinalize(this);
    }
}
