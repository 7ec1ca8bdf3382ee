using System.Buffers;
using System.Text.Json;

namespace QuadTurbo.Gateway.Live;

/// <summary>One client: what it hears, how far it has been sent, and the only one that writes to its connection.</summary>
/// <remarks>
/// Nothing is queued for a client but answers to its commands: it takes from the log from where it was, up to 64 KiB at a time, and the next part when the
/// connection has taken the last. So a client that does not read costs one part and the system's buffer. Once the client has spoken, all that the server
/// wrote before has left it (RFC 6455, section 4.1: who opens waits for the answer), and what follows goes to the socket itself: through the server's pipe
/// every write would wake one thread more.
/// </remarks>
internal sealed class StreamClient
{
    private const int Idle = 0, Running = 1, Again = 2, MostSlices = 32, MostAnswerBytes = 64 * 1024;
    private readonly StreamHub _hub;
    private readonly Stream _stream;
    private Stream? _wire;
    private readonly Action _cut;
    private readonly Lock _state = new();
    private readonly ArrayBufferWriter<byte> _answers = new(256);
    private readonly ArrayBufferWriter<byte> _scratch = new(256);
    private readonly ArraySegment<byte>[] _slices = new ArraySegment<byte>[MostSlices];
    private readonly DeliveryTally _tally = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _replayed;
    private Channels _channels, _replayChannels;
    private long _next, _replayNext, _replayEnd;
    private bool _heartbeatDue, _closeTaken, _hasSpoken;
    private int _pump;
    private long _heardAt, _writingSince, _slowSince, _cutAt;
    private long _waitingFrom, _waitingBytes;
    private int _waitingMessages;

    /// <summary>A client that hears nothing yet.</summary>
    /// <param name="hub">Whose client.</param>
    /// <param name="stream">The upgraded connection.</param>
    /// <param name="wire">The same connection without the server's pipe; null where there is none, as under TLS.</param>
    /// <param name="cut">Breaks the connection.</param>
    public StreamClient(StreamHub hub, Stream stream, Stream? wire, Action cut)
    {
        (_hub, _stream, _wire, _cut) = (hub, stream, wire, cut);
        _next = hub.Log.Newest + 1;
        _heardAt = hub.Now;
    }

    /// <summary>What it hears.</summary>
    public Channels Channels
    {
        get
        {
            lock (_state) return _channels;
        }
    }

    /// <summary>The key that it showed, as a hash; null when none was needed.</summary>
    public byte[]? KeyHash { get; set; }

    /// <summary>Until when it has to show a key; 0 when it need not any more.</summary>
    public long KeyBy { get; set; }

    /// <summary>Tells whether <see cref="KeyHash"/> is accepted still.</summary>
    public Func<byte[], bool> KeyHolds { get; init; } = static _ => true;

    /// <summary>Why it is being closed; null while it is not.</summary>
    public CloseCause? Closing { get; private set; }

    /// <summary>Messages that it was sent.</summary>
    public long Sent => _tally.Sent;

    /// <summary>Messages that it was not sent because it was behind.</summary>
    public long Dropped => _tally.Dropped;

    /// <summary>Completes when nothing more will be written.</summary>
    public Task Done => _done.Task;

    /// <summary>Everything of its channels up to this place has been taken for it.</summary>
    public long Position
    {
        get
        {
            lock (_state) return PositionLocked;
        }
    }

    private long PositionLocked => (_replayed is null ? _next : _replayNext) - 1;

    /// <summary>It has sent something, whatever it was.</summary>
    public void Heard()
    {
        Volatile.Write(ref _hasSpoken, true);
        Volatile.Write(ref _heardAt, _hub.Now);
    }

    /// <summary>It did not wait for the answer to its request, so that its speaking tells nothing of what has left: all goes through the server's pipe.</summary>
    public void SpokeEarly() => _wire = null;

    /// <summary>
    /// Hears <paramref name="more"/> too, from now on or from the place after <paramref name="since"/>; the answer comes before the first message.
    /// </summary>
    /// <returns>Completes when it has been given what lay between then and now.</returns>
    public Task Subscribe<T>(Channels more, long? since, T state, Action<Utf8JsonWriter, T> answer)
    {
        Task given = Task.CompletedTask;
        lock (_state)
        {
            if (Closing is not null) return given;
            // Who heard nothing was not kept up to date.
            if (_channels == Channels.None) _next = _hub.Log.Newest + 1;
            _channels |= more;
            if (since is { } last && last + 1 < _next)
            {
                (_replayChannels, _replayNext, _replayEnd) = (more, last + 1, _next);
                _replayed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                given = _replayed.Task;
            }
            Frame(_answers, StreamType.Connection, state, answer);
        }
        Wake();
        return given;
    }

    /// <summary>Hears <paramref name="less"/> no more.</summary>
    public void Unsubscribe(Channels less)
    {
        lock (_state) _channels &= ~less;
    }

    /// <summary>Sends a message that is for it alone, before what it has not been sent yet.</summary>
    public void Answer<T>(StreamType type, T state, Action<Utf8JsonWriter, T> data)
    {
        lock (_state)
        {
            if (Closing is not null) return;
            Frame(_answers, type, state, data);
        }
        Wake();
    }

    /// <summary>Sends bytes that are a frame already.</summary>
    public void Control(ReadOnlySpan<byte> frame)
    {
        lock (_state)
        {
            if (Closing is not null) return;
            _answers.Write(frame);
        }
        Wake();
    }

    /// <summary>Completes when its answers have room: a client that does not read its answers is not read from.</summary>
    public Task UntilRoomAsync()
    {
        lock (_state)
        {
            if (_answers.WrittenCount <= MostAnswerBytes || Closing is not null) return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Closes it, once: the close frame goes after what is being written.</summary>
    public void Close(CloseCause cause)
    {
        lock (_state)
        {
            if (Closing is not null) return;
            Closing = cause;
            _answers.Write(StreamFrame.CloseOf(cause.Code, cause.Reason));
            _cutAt = _hub.Now + _hub.Ticks(_hub.Settings.CloseGrace);
            EndWaits();
        }
        Wake();
    }

    /// <summary>Once a round: is it there, does it keep up, may it stay?</summary>
    public void Check(long now, bool heartbeat)
    {
        StreamSettings settings = _hub.Settings;
        if (Closing is not null)
        {
            if (now >= _cutAt) _cut();
            return;
        }
        if (now - Volatile.Read(ref _heardAt) > _hub.Ticks(settings.Silence)) Close(CloseCause.Silent);
        else if (KeyBy != 0 && now >= KeyBy) Close(CloseCause.NoKey);
        else if (IsTooSlow(now)) Close(CloseCause.SlowConsumer);
        else if (heartbeat)
        {
            if (KeyHash is { } hash && !KeyHolds(hash)) Close(CloseCause.KeyRevoked);
            lock (_state) _heartbeatDue = true;
            Wake();
        }
    }

    /// <summary>What waits for it: messages and bytes.</summary>
    public (int Messages, long Bytes) Waiting()
    {
        lock (_state)
        {
            (int messages, long bytes) = _hub.Log.Waiting(_channels, ref _waitingFrom);
            _waitingMessages += messages;
            _waitingBytes += bytes;
            return (_waitingMessages, _waitingBytes);
        }
    }

    /// <summary>Has it sent what it was not sent yet, unless that goes on already. Returns at once.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _pump, Again) == Idle) _ = PumpAsync();
    }

    private async Task PumpAsync()
    {
        try
        {
            do
            {
                Interlocked.Exchange(ref _pump, Running);
                while (TryTake(out ReadOnlyMemory<byte> bytes, out byte[]? rented))
                {
                    Volatile.Write(ref _writingSince, _hub.Now);
                    await (Volatile.Read(ref _hasSpoken) ? _wire ?? _stream : _stream).WriteAsync(bytes);
                    Volatile.Write(ref _writingSince, 0);
                    // Who is given a long past is not read from meanwhile, and has not fallen silent.
                    if (Volatile.Read(ref _replayed) is not null) Volatile.Write(ref _heardAt, _hub.Now);
                    if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
                }
            }
            while (!_closeTaken && Interlocked.CompareExchange(ref _pump, Idle, Running) != Running);
            if (_closeTaken) _done.TrySetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The connection is gone: who reads from it finds out. The state stays: nothing is written any more.
            lock (_state)
            {
                Closing ??= CloseCause.Client;
                EndWaits();
            }
            _done.TrySetResult();
            _cut();
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> bytes, out byte[]? rented)
    {
        lock (_state)
        {
            (bytes, rented) = (default, null);
            if (_closeTaken) return false;
            long before = PositionLocked;
            int slices = Closing is null ? TakeSlices() : 0;
            (_waitingFrom, _waitingMessages, _waitingBytes) = (_next, 0, 0);
            bool own = _answers.WrittenCount > 0 || _tally.Any || (_heartbeatDue && Closing is null);
            if (slices == 0 && !own) return false;
            if (slices == 1 && !own)
            {
                bytes = _slices[0];
                return true;
            }
            (bytes, rented) = Join(slices, before);
            _closeTaken = Closing is not null;
            return true;
        }
    }

    private int TakeSlices()
    {
        if (_replayed is { } replayed)
        {
            int slices = _hub.Log.Take(_replayChannels, ref _replayNext, _replayEnd, int.MaxValue, _slices, _tally);
            if (_replayNext < _replayEnd) return slices;
            _replayed = null;
            replayed.TrySetResult();
            if (slices > 0) return slices;
        }
        return _channels == Channels.None ? 0 : _hub.Log.Take(_channels, ref _next, long.MaxValue, _hub.Settings.CoalesceBehind, _slices, _tally);
    }

    /// <summary>One write of: answers, what was dropped, messages, heartbeat, and the close frame last of all.</summary>
    private (ReadOnlyMemory<byte> Bytes, byte[] Rented) Join(int slices, long before)
    {
        _scratch.ResetWrittenCount();
        bool closes = Closing is not null;
        if (_tally.Any && !closes) Frame(_scratch, StreamType.Connection, before, _tally, static (json, tally) => tally.Write(json));
        int notice = _scratch.WrittenCount;
        if (_heartbeatDue && !closes)
        {
            Frame(_scratch, StreamType.Heartbeat, PositionLocked, _hub, static (json, hub) => HeartbeatData(json, hub));
            _scratch.Write(StreamFrame.Ping);
            _heartbeatDue = false;
        }
        int length = _answers.WrittenCount + _scratch.WrittenCount;
        for (int s = 0; s < slices; s++) length += _slices[s].Count;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        int at = 0;
        Put(_answers.WrittenSpan);
        Put(_scratch.WrittenSpan[..notice]);
        for (int s = 0; s < slices; s++) Put(_slices[s]);
        Put(_scratch.WrittenSpan[notice..]);
        _answers.ResetWrittenCount();
        _room?.TrySetResult();
        _room = null;
        return (rented.AsMemory(0, length), rented);

        void Put(ReadOnlySpan<byte> part)
        {
            part.CopyTo(rented.AsSpan(at));
            at += part.Length;
        }
    }

    private bool IsTooSlow(long now)
    {
        if (Volatile.Read(ref _writingSince) == 0)
        {
            _slowSince = 0;
            return false;
        }
        long since = Volatile.Read(ref _writingSince);
        if (Volatile.Read(ref _replayed) is not null && since != 0 && now - since >= _hub.Ticks(_hub.Settings.SlowFor)) return true;
        (int messages, long bytes) = Waiting();
        if (messages < _hub.Settings.BehindMessages && bytes < _hub.Settings.BehindBytes)
        {
            _slowSince = 0;
            return false;
        }
        if (_slowSince == 0) _slowSince = now;
        return now - _slowSince >= _hub.Ticks(_hub.Settings.SlowFor);
    }

    private void EndWaits()
    {
        _room?.TrySetResult();
        _replayed?.TrySetResult();
        (_room, _replayed) = (null, null);
    }

    private void Frame<T>(ArrayBufferWriter<byte> to, StreamType type, T state, Action<Utf8JsonWriter, T> data) =>
        Frame(to, type, PositionLocked, state, data);

    private void Frame<T>(ArrayBufferWriter<byte> to, StreamType type, long seq, T state, Action<Utf8JsonWriter, T> data)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text)) data(json, state);
        Span<byte> frame = to.GetSpan(text.WrittenCount + StreamFrame.Overhead);
        to.Advance(StreamFrame.Write(frame, type, seq, _hub.UtcNow, text.WrittenSpan));
    }

    private static void HeartbeatData(Utf8JsonWriter json, StreamHub hub)
    {
        json.WriteStartObject();
        json.WriteString("session", hub.Session);
        json.WriteNumber("newest", hub.Log.Newest);
        json.WriteEndObject();
    }
}
