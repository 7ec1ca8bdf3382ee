using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>The whole body of a request in one pooled buffer: who reads it, disposes it, once.</summary>
public readonly struct RequestBody : IDisposable
{
    // A caller who only announces a large body takes no more than this until it comes.
    private const int FirstBuffer = 64 * 1024;
    private readonly byte[] _buffer;
    private readonly int _start;

    private RequestBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        Length = length;
        // A mark of its byte order says nothing of UTF-8, and some programs write one all the same.
        _start = buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>Bytes of the body.</summary>
    public int Length { get; }

    /// <summary>The body, without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, Length - _start);

    /// <summary>Reads it to its end.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than the endpoint allows, or breaks off.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? 0, 1024, FirstBuffer));
        int length = 0;
        try
        {
            PipeReader reader = request.BodyReader;
            while (true)
            {
                ReadResult read = await reader.ReadAsync(cancel);
                if (read.IsCanceled) throw new OperationCanceledException(cancel);
                int more = checked((int)read.Buffer.Length);
                if (length + more > buffer.Length) buffer = Grow(buffer, length, length + more);
                read.Buffer.CopyTo(buffer.AsSpan(length));
                length += more;
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return new RequestBody(buffer, length);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static byte[] Grow(byte[] buffer, int length, int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
