using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace QuadTurbo.Auditor.Records;

/// <summary>Writes little-endian fields into a buffer that is reused from record to record.</summary>
internal sealed class BinaryOut
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void Time(DateTime value) => Int64(value.Ticks);

    public void Decimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        MemoryMarshal.AsBytes(bits).CopyTo(Take(16));
    }

    public void OptionalDecimal(decimal? value)
    {
        Bool(value.HasValue);
        if (value is { } known) Decimal(known);
    }

    public void Floats(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).CopyTo(Take(values.Length * sizeof(float)));

    public void Text(string? value)
    {
        if (value is null)
        {
            Int32(-1);
            return;
        }
        int bytes = Encoding.UTF8.GetByteCount(value);
        Int32(bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        Span<byte> taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }
}
