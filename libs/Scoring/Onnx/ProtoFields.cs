using System.Buffers.Binary;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>The fields of one protobuf message, in the order of its bytes, read in place: nothing is copied or allocated.</summary>
/// <remarks>Source: protobuf wire format. Groups, which ONNX does not use, do not read.</remarks>
internal ref struct ProtoFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the current field.</summary>
    public int Number { get; private set; }

    /// <summary>True when the current field has a length: text, bytes, a message, packed numbers.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>Its contents when it has a length; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value when it is a number; 0 for one with a length.</summary>
    public ulong Value { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes end within a field, or are none of protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong key = Varint(ref _rest);
        Number = checked((int)Math.Min(key >> 3, int.MaxValue));
        HasBytes = (key & 7) == 2;
        Bytes = default;
        Value = 0;
        switch (key & 7)
        {
            case 0: Value = Varint(ref _rest); break;
            case 1: Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint(ref _rest)); break;
            case 5: Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new InvalidDataException($"field {Number} has wire type {key & 7}");
        }
        return true;
    }

    /// <summary>The numbers of a repeated field of varints, of which this is one piece: packed or single.</summary>
    public readonly void AddVarintsTo(List<long> numbers)
    {
        if (!HasBytes) numbers.Add((long)Value);
        ReadOnlySpan<byte> rest = Bytes;
        while (!rest.IsEmpty) numbers.Add((long)Varint(ref rest));
    }

    /// <summary>How many numbers this piece of a repeated field holds: packed, with <paramref name="width"/> bytes each or 0 for varints, or single.</summary>
    public readonly long CountNumbers(int width)
    {
        if (!HasBytes) return 1;
        if (width > 0) return Bytes.Length / width;
        long count = 0;
        foreach (byte b in Bytes) count += b < 0x80 ? 1 : 0;
        return count;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            if (i == rest.Length) throw new InvalidDataException("the bytes end within a number");
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] >= 0x80) continue;
            rest = rest[(i + 1)..];
            return value;
        }
        throw new InvalidDataException("a number has more than 10 bytes");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw new InvalidDataException($"field {Number} has {length} bytes, {_rest.Length} are left");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
