namespace QuadTurbo.Gateway.Live;

/// <summary>The last messages of a run, ready to be sent: places are contiguous from 1, the oldest give way to a bound in messages and in bytes.</summary>
/// <remarks>
/// Frames lie one after another in blocks that are never written twice: who has taken a part of one may send it without a lock, and a block is collected when
/// neither the log nor a client holds it. Several neighbours of one client are one slice. Every member takes the log's lock, for as long as a scan.
/// </remarks>
internal sealed class StreamLog(int messages, int bytes)
{
    private const int BlockBytes = 64 * 1024;
    private readonly Lock _lock = new();
    private readonly Entry[] _entries = new Entry[messages];
    private readonly long[] _heldFrom = [.. Enumerable.Repeat(long.MaxValue, ChannelNames.Count)];
    private readonly long[] _count = new long[ChannelNames.Count];
    private readonly Queue<(int Bytes, long Last)> _full = new();
    private byte[] _block = [];
    private int _used;
    private long _held;
    private long _oldest = 1;
    private long _next = 1;
    private long _newestMetrics;

    /// <summary>Place of the oldest message that is held; <see cref="Newest"/> + 1 when none is.</summary>
    public long Oldest => Volatile.Read(ref _oldest);

    /// <summary>Place of the newest message; 0 before the first.</summary>
    public long Newest => Volatile.Read(ref _next) - 1;

    /// <summary>Bytes of the blocks that are held.</summary>
    public long Bytes => Volatile.Read(ref _held);

    /// <summary>Appends a message.</summary>
    /// <returns>Its place.</returns>
    public long Append(Channels channels, StreamType type, DateTime at, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            int most = data.Length + StreamFrame.Overhead;
            if (_block.Length - _used < most) NewBlock(most);
            long seq = _next;
            int length = StreamFrame.Write(_block.AsSpan(_used), type, seq, at, data);
            Put(new Entry(_block, _used, length, channels));
            _used += length;
            if (type == StreamType.Metrics) _newestMetrics = seq;
            for (int c = 0; c < ChannelNames.Count; c++) _count[c] += (int)channels >> c & 1;
            return seq;
        }
    }

    /// <summary>
    /// From now on the messages of these channels are appended; they were not for a while. It takes a place of its own, so that who was sent everything up to
    /// the one before is told of a gap when it comes back.
    /// </summary>
    public void Begin(Channels channels)
    {
        lock (_lock)
        {
            Put(default);
            for (int c = 0; c < ChannelNames.Count; c++)
                if (((int)channels >> c & 1) != 0) _heldFrom[c] = _next;
        }
    }

    /// <summary>The first place from which on nothing of these channels is missing.</summary>
    public long HeldFrom(Channels channels)
    {
        lock (_lock)
        {
            long from = _oldest;
            for (int c = 0; c < ChannelNames.Count; c++)
                if (((int)channels >> c & 1) != 0) from = Math.Max(from, Math.Min(_heldFrom[c], _next));
            return from;
        }
    }

    /// <summary>Messages of a channel since the start.</summary>
    public long CountOf(int channel)
    {
        lock (_lock) return _count[channel];
    }

    /// <summary>The next slices of <paramref name="channels"/>, up to about 64 KiB.</summary>
    /// <param name="channels">What the client hears.</param>
    /// <param name="next">The first place that it was not sent; afterwards that after the slices.</param>
    /// <param name="end">Stop before that place.</param>
    /// <param name="keep">When more messages than that wait, what can be dropped is; a client that resumes is given <see cref="int.MaxValue"/>.</param>
    /// <param name="slices">Filled from the front.</param>
    /// <param name="tally">What was sent and what was left out is added to it.</param>
    /// <returns>How many slices there are.</returns>
    public int Take(Channels channels, ref long next, long end, int keep, Span<ArraySegment<byte>> slices, DeliveryTally tally)
    {
        lock (_lock)
        {
            end = Math.Min(end, _next);
            if (next < _oldest)
            {
                tally.Evict(next, Math.Min(_oldest, end) - 1);
                next = Math.Min(_oldest, end);
            }
            int surplus = keep == int.MaxValue || end - next <= keep ? 0 : Math.Max(0, Count(channels, next, end).Messages - keep);
            int count = 0, taken = 0;
            for (; next < end; next++)
            {
                ref readonly Entry entry = ref _entries[next % _entries.Length];
                Channels of = entry.Channels & channels;
                if (of == 0) continue;
                if (keep != int.MaxValue && entry.Channels == Channels.Metrics && next < _newestMetrics)
                {
                    tally.Add(of, next);
                    continue;
                }
                if (surplus > 0 && (entry.Channels & (Channels.Alerts | Channels.Metrics)) == 0)
                {
                    surplus--;
                    tally.Add(of, next);
                    continue;
                }
                bool follows = count > 0 && slices[count - 1].Array == entry.Block && slices[count - 1].Offset + slices[count - 1].Count == entry.Offset;
                if (taken >= BlockBytes || (!follows && count == slices.Length)) break;
                slices[follows ? count - 1 : count++] = follows
                    ? new ArraySegment<byte>(entry.Block, slices[count - 1].Offset, slices[count - 1].Count + entry.Length)
                    : new ArraySegment<byte>(entry.Block, entry.Offset, entry.Length);
                taken += entry.Length;
                tally.Sent++;
            }
            return count;
        }
    }

    /// <summary>What of <paramref name="channels"/> lies from place <paramref name="from"/> on.</summary>
    public (int Messages, long Bytes) Waiting(Channels channels, ref long from)
    {
        lock (_lock)
        {
            (int, long) waiting = Count(channels, Math.Max(from, _oldest), _next);
            from = _next;
            return waiting;
        }
    }

    private (int Messages, long Bytes) Count(Channels channels, long from, long end)
    {
        int messages = 0;
        long bytes = 0;
        for (long seq = from; seq < end; seq++)
        {
            ref readonly Entry entry = ref _entries[seq % _entries.Length];
            if ((entry.Channels & channels) == 0) continue;
            messages++;
            bytes += entry.Length;
        }
        return (messages, bytes);
    }

    private void Put(in Entry entry)
    {
        if (_next - _oldest == _entries.Length) Evict();
        _entries[_next % _entries.Length] = entry;
        Volatile.Write(ref _next, _next + 1);
    }

    private void NewBlock(int least)
    {
        _full.Enqueue((_block.Length, _next - 1));
        _block = GC.AllocateUninitializedArray<byte>(Math.Max(BlockBytes, least));
        _used = 0;
        _held += _block.Length;
        while (_held > bytes && _oldest < _next) Evict();
    }

    // A block is let go with its last message.
    private void Evict()
    {
        _entries[_oldest % _entries.Length] = default;
        Volatile.Write(ref _oldest, _oldest + 1);
        while (_full.TryPeek(out (int Bytes, long Last) block) && block.Last < _oldest) _held -= _full.Dequeue().Bytes;
    }

    private readonly record struct Entry(byte[] Block, int Offset, int Length, Channels Channels);
}
