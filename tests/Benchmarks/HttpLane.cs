using System.Net.Sockets;

namespace QuadTurbo.Benchmarks;

/// <summary>One connection, whose answers come in the order of its requests; one thread sends, one reads.</summary>
internal sealed class HttpLane : IDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[1 << 18];
    private int _start, _filled;

    public HttpLane(Uri server)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server.Host, server.Port);
    }

    /// <summary>Sends a whole request; waits while the connection takes no more.</summary>
    public void Send(byte[] request) => _socket.Send(request);

    /// <summary>Waits for the next answer; null for 200, or else what it was.</summary>
    /// <exception cref="IOException">The connection is at its end, or the answer is not one of HTTP/1.1 with a length.</exception>
    public string? Receive()
    {
        int length = 0;
        while (true)
        {
            ReadOnlySpan<byte> held = _buffer.AsSpan(_start, _filled - _start);
            if (length == 0 && held.Length > 0) length = HttpAnswer.Length(held);
            if (length > 0 && held.Length >= length)
            {
                _start += length;
                return HttpAnswer.IsOk(held) ? null : HttpAnswer.Shown(held[..length]);
            }
            MakeRoom(length);
            int read = _socket.Receive(_buffer.AsSpan(_filled));
            if (read == 0) throw new IOException("the server has closed the connection");
            _filled += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // An answer lies in one piece: what is held of it moves to the front when the rest would not fit behind it.
    private void MakeRoom(int length)
    {
        if (_start == _filled) (_start, _filled) = (0, 0);
        if (_filled < _buffer.Length && _start + length <= _buffer.Length) return;
        int held = _filled - _start;
        byte[] room = Math.Max(length, 2 * held) > _buffer.Length ? new byte[Math.Max(length, 2 * _buffer.Length)] : _buffer;
        Buffer.BlockCopy(_buffer, _start, room, 0, held);
        (_buffer, _start, _filled) = (room, 0, held);
    }
}
