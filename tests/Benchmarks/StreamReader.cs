using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace QuadTurbo.Benchmarks;

/// <summary>One WebSocket client of the stream on a plain socket: counts what it reads, and how long that was under way.</summary>
internal sealed class StreamReader : IDisposable
{
    private static readonly byte[] Pong = [0x8A, 0x80, 0, 0, 0, 0];
    private readonly Socket _socket;
    private byte[] _held = new byte[4096];
    private int _filled;

    /// <summary>Connects and subscribes.</summary>
    /// <param name="server">Where.</param>
    /// <param name="channel">What it hears.</param>
    /// <param name="since">Resume from that place.</param>
    /// <exception cref="IOException">The server does not let it in, or does not resume.</exception>
    public StreamReader(Uri server, string channel, long? since = null)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server.Host, server.Port);
        _socket.Send(Encoding.ASCII.GetBytes($"GET /stream HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        int end;
        while ((end = _held.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0) Receive();
        if (!_held.AsSpan(0, 12).SequenceEqual("HTTP/1.1 101"u8)) throw new IOException(Encoding.ASCII.GetString(_held, 0, _filled));
        Remove(end + 4);
        string place = since is { } last ? string.Create(CultureInfo.InvariantCulture, $",\"since\":{last}") : "";
        byte[] command = Encoding.ASCII.GetBytes($"{{\"command\":\"subscribe\",\"channels\":[\"{channel}\"]{place}}}");
        _socket.Send([0x81, (byte)(0x80 | command.Length), 0, 0, 0, 0, .. command]);
        // Greeting and answer, unread numbers of a resumption behind them.
        while (_held.AsSpan(0, _filled).IndexOf("\"ok\":true"u8) < 0) Receive();
        Resumed = _held.AsSpan(0, _filled).IndexOf("\"resumed\":true"u8) >= 0;
        if (since is not null && !Resumed) throw new IOException("not resumed");
        Read(null);
    }

    /// <summary>For epoll.</summary>
    public int Handle => (int)_socket.Handle;

    /// <summary>Whether it was resumed.</summary>
    public bool Resumed { get; }

    /// <summary>The number of the last opportunity that it read; 0 of none.</summary>
    public int Last { get; private set; }

    /// <summary>The place of the last message that it read.</summary>
    public long Seq { get; private set; }

    /// <summary>Opportunities read.</summary>
    public long Count { get; private set; }

    /// <summary>Numbers that were skipped.</summary>
    public long Missing { get; private set; }

    /// <summary>Numbers that came again, or out of order.</summary>
    public long Repeated { get; private set; }

    /// <summary>It was closed.</summary>
    public bool Closed { get; private set; }

    /// <summary>Takes up what another had read: it is the same program on a new connection.</summary>
    public void GoOn(StreamReader before)
    {
        if (Last == 0) Last = before.Last;
        // What came with the answer follows directly on what the other had.
        else if (Count > 0 && Last - Count != before.Last) Missing += Math.Abs(Last - Count - before.Last);
        Count += before.Count;
        Missing += before.Missing;
        Repeated += before.Repeated;
    }

    /// <summary>Reads what has come.</summary>
    /// <param name="tally">How long each opportunity was under way; null to leave that out.</param>
    /// <param name="now">When it was there, ns.</param>
    public void Ready(LatencyTally? tally, long now)
    {
        Receive();
        Read(tally, now);
    }

    /// <summary>Reads some bytes and looks at none of them: a client on a slow line.</summary>
    public void ReadAtMost(int bytes)
    {
        Span<byte> some = stackalloc byte[bytes];
        if (!Closed && _socket.Poll(0, SelectMode.SelectRead)) Closed = _socket.Receive(some, SocketFlags.None, out _) == 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        if (_filled == _held.Length) Array.Resize(ref _held, 2 * _held.Length);
        int read = Closed ? 0 : _socket.Receive(_held.AsSpan(_filled));
        if (read == 0) Closed = true;
        if (read == 0 && Seq == 0) throw new IOException("closed");
        _filled += read;
    }

    private void Read(LatencyTally? tally, long now = 0)
    {
        int at = 0;
        while (TryFrame(_held.AsSpan(at, _filled - at), out int opcode, out int start, out int length))
        {
            if (opcode == 1) Message(_held.AsSpan(at + start, length), tally, now);
            else if (opcode == 9) _socket.Send(Pong);
            else if (opcode == 8) Closed = true;
            at += start + length;
        }
        Remove(at);
    }

    private void Message(ReadOnlySpan<byte> text, LatencyTally? tally, long now)
    {
        Seq = Number(text, "\"seq\":"u8);
        ReadOnlySpan<byte> name = text.StartsWith("{\"type\":\"opportunity\""u8) ? "\"gross_bps\":"u8
            : text.StartsWith("{\"type\":\"execution\""u8) ? "\"detail\":\""u8
            : text.StartsWith("{\"type\":\"alert\""u8) ? "\"cause\":\""u8
            : default;
        if (name.IsEmpty || (tally is null && name[1] == 'c')) return;
        int n = (int)Number(text, name);
        Count++;
        if (Last != 0 && n <= Last) Repeated++;
        else if (Last != 0) Missing += n - Last - 1;
        Last = n;
        tally?.Record(now - Published(text));
    }

    private static bool TryFrame(ReadOnlySpan<byte> held, out int opcode, out int start, out int length)
    {
        (opcode, start, length) = (0, 2, 0);
        if (held.Length < 2) return false;
        opcode = held[0] & 15;
        length = held[1];
        if (length == 126)
        {
            start = 4;
            if (held.Length < 4) return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(held[2..]);
        }
        else if (length == 127) throw new IOException("a frame beyond 64 KiB");
        return held.Length >= start + length;
    }

    private static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        int at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..], out long value, out _) ? value : throw new IOException("a message without its number");
    }

    // "at":"0001-01-04T10:11:12.123456Z": the machine's monotonic clock, microseconds.
    private static long Published(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> at = text.Slice(text.IndexOf("\"at\":\""u8) + 6, 26);
        var day = new DateTime(Digits(at[..4]), Digits(at[5..7]), Digits(at[8..10]));
        long seconds = day.Ticks / TimeSpan.TicksPerSecond + Digits(at[11..13]) * 3600 + Digits(at[14..16]) * 60 + Digits(at[17..19]);
        return seconds * 1_000_000_000 + Digits(at[20..26]) * 1_000L;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        int value = 0;
        foreach (byte digit in text) value = 10 * value + digit - '0';
        return value;
    }

    private void Remove(int count)
    {
        Buffer.BlockCopy(_held, count, _held, 0, _filled - count);
        _filled -= count;
    }
}
