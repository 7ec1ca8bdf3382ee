namespace QuadTurbo.Gateway.Live;

/// <summary>
/// The connection as the framework's WebSocket sees it: it reads frames, and what it writes by itself (pongs, the close of a broken protocol) goes the
/// client's way.
/// </summary>
/// <remarks>The framework writes every frame in one piece, so no frame falls into another.</remarks>
internal sealed class FrameStream(Stream inner, StreamClient client) : Stream
{
    private bool _hasRead;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = inner.ReadAsync(buffer, cancellationToken);
        // What is there already was sent before the answer could be read.
        if (!_hasRead && reading.IsCompleted) client.SpokeEarly();
        _hasRead = true;
        int read = await reading;
        if (read > 0) client.Heard();
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        client.Control(buffer.Span);
        await client.UntilRoomAsync();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
