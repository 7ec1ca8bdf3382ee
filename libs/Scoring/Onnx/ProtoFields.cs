using System.Buffers.Binary;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>The fields of one protobuf message, in the order of its bytes, read in place: nothing is copied or allocated.</summary>
/// <remarks>Source: protobuf wire format. Groups, which ONNX does not use, do not read.</remarks>
internal ref struct ProtoFields(ReadOnlySpan<byte> message)
{
    private const int Fixed64 = 1, Length = 2, Fixed32 = 5;
    private ReadOnlySpan<byte> _rest = message, _bytes;
    private ulong _value;
    private int _wire;

    /// <summary>Number of the current field.</summary>
    public int Number { get; private set; }

    /// <summary>Its contents: text, bytes, a message, packed numbers.</summary>
    /// <exception cref="InvalidDataException">It is a number; other readers skip what has another wire type than they expect.</exception>
    public readonly ReadOnlySpan<byte> Bytes => _wire == Length ? _bytes : throw Unexpected();

    /// <summary>Its value, a varint.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public readonly ulong Value => _wire == 0 ? _value : throw Unexpected();

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes end within a field, or are none of protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong key = Varint(ref _rest);
        Number = (int)Math.Min(key >> 3, int.MaxValue);
        _wire = (int)(key & 7);
        switch (_wire)
        {
            case 0: _value = Varint(ref _rest); break;
            case Fixed64: Take(8); break;
            case Length: _bytes = Take(Varint(ref _rest)); break;
            case Fixed32: Take(4); break;
            default: throw Unexpected();
        }
        return true;
    }

    /// <summary>Adds the numbers of a repeated field of varints, of which this is one piece: packed or single.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public readonly void AddVarintsTo(List<long> numbers)
    {
        if (_wire != Length)
        {
            numbers.Add((long)Value);
            return;
        }
        ReadOnlySpan<byte> rest = _bytes;
        while (!rest.IsEmpty) numbers.Add((long)Varint(ref rest));
    }

    /// <summary>How many numbers this piece of a repeated field holds, packed or single.</summary>
    /// <param name="width">Bytes of a number: 4, 8, or 0 for varints.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public readonly long CountNumbers(int width)
    {
        if (_wire != Length) return _wire == (width == 0 ? 0 : width == 4 ? Fixed32 : Fixed64) ? 1 : throw Unexpected();
        if (width > 0) return _bytes.Length % width == 0 ? _bytes.Length / width : throw Unexpected();
        long count = 0;
        foreach (byte b in _bytes) count += b < 0x80 ? 1 : 0;
        return count;
    }

    private readonly InvalidDataException Unexpected() => new($"field {Number} has wire type {_wire}");

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
