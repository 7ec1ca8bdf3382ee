using System.Runtime.InteropServices;

namespace QuadTurbo.Benchmarks;

/// <summary>Many clients of the stream, read by one thread that waits for all of them at once (Linux's epoll).</summary>
internal sealed partial class StreamReaders : IDisposable
{
    private const int Add = 1, Delete = 2, Readable = 1;
    private readonly int _poll = Create(0);
    private readonly Dictionary<int, StreamReader> _byHandle = [];

    /// <summary>How long messages were under way.</summary>
    public LatencyTally Tally { get; private set; } = new();

    /// <summary>The clients.</summary>
    public IReadOnlyCollection<StreamReader> All => _byHandle.Values;

    /// <summary>Reads this one too.</summary>
    public void Join(StreamReader reader)
    {
        _byHandle.Add(reader.Handle, reader);
        var interest = new PollEvent { Events = Readable, Handle = reader.Handle };
        if (Control(_poll, Add, reader.Handle, ref interest) != 0) throw new IOException("epoll_ctl");
    }

    /// <summary>Reads this one no more.</summary>
    public void Leave(StreamReader reader)
    {
        var interest = default(PollEvent);
        _ = Control(_poll, Delete, reader.Handle, ref interest);
        _byHandle.Remove(reader.Handle);
    }

    /// <summary>Reads until <paramref name="done"/>, which is asked every 50 ms at least.</summary>
    public void Read(Func<bool> done)
    {
        var ready = new PollEvent[256];
        while (!done())
        {
            int count = Wait(_poll, ready, ready.Length, 50);
            for (int i = 0; i < count; i++)
            {
                StreamReader reader = _byHandle[ready[i].Handle];
                reader.Ready(Tally, Instants.Now);
                if (reader.Closed) Leave(reader);
            }
        }
    }

    /// <summary>Counts from now on anew.</summary>
    public LatencyTally Take()
    {
        LatencyTally taken = Tally;
        Tally = new LatencyTally();
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (StreamReader reader in _byHandle.Values) reader.Dispose();
        _ = Close(_poll);
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(int poll, int operation, int handle, ref PollEvent interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(int poll, [Out] PollEvent[] ready, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);

    // As x86-64 has it: without padding.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct PollEvent
    {
        public int Events;
        public int Handle;
        public int Unused;
    }
}
