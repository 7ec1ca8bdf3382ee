using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace QuadTurbo.Auditor.Records;

/// <summary>Reads back what <see cref="BinaryOut"/> wrote, field by field.</summary>
/// <remarks>The chain has vouched for the bytes; a record that still does not fit its kind was written by another version, and that throws.</remarks>
internal ref struct BinaryIn(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Nothing is left to read.</summary>
    public readonly bool Ended => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() != 0;

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public DateTime Time() => new(Int64(), DateTimeKind.Utc);

    public decimal Decimal() => new(MemoryMarshal.Cast<byte, int>(Take(16)));

    public decimal? OptionalDecimal() => Bool() ? Decimal() : null;

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public string? Text()
    {
        int length = Int32();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public byte[] Bytes() => Take(Int32()).ToArray();

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length) throw new InvalidDataException($"a ledger record is {count - _rest.Length} bytes short: it was written by another version");
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
