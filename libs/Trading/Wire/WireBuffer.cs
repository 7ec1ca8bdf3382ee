using System.Buffers;
using System.Text.Json;

namespace QuadTurbo.Trading.Wire;

/// <summary>Bytes of at most <see cref="WireFormat.MostBytes"/>, kept for the next message.</summary>
internal sealed class WireBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <exception cref="JsonException">It is full.</exception>
    public void Advance(int count)
    {
        Length += count;
        if (Length > WireFormat.MostBytes) throw new JsonException($"it is longer than the {WireFormat.MostBytes} bytes that a message may have");
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Room(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Clear()
    {
        Length = 0;
        // What was too long by far was refused.
        if (_bytes.Length > 2 * WireFormat.MostBytes) _bytes = new byte[4096];
    }

    private void Room(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (_bytes.Length < needed) Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
