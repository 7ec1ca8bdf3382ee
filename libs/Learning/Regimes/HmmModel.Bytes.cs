using System.Buffers.Binary;

namespace QuadTurbo.Learning.Regimes;

public sealed partial class HmmModel
{
    // "QHMM".
    private const uint Magic = 0x4D4D4851;
    private const int HeaderBytes = 12;

    /// <summary>Canonical bytes, little-endian: equal models have equal bytes.</summary>
    /// <remarks>magic, states, columns (uint32 each), then start, transition, means, covariances, centre, inverse deviation as doubles.</remarks>
    public byte[] ToBytes()
    {
        double[] numbers = [.. _start, .. _transition, .. _means, .. _covariances, .. _centre, .. _inverseDeviation];
        var bytes = new byte[HeaderBytes + numbers.Length * sizeof(double)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), States);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Columns);
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(HeaderBytes + i * sizeof(double)), numbers[i]);
        return bytes;
    }

    /// <summary>The model that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a model, are cut short or go on after it.</exception>
    public static HmmModel FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new InvalidDataException("not a hidden Markov model");
        int k = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), d = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (k is < 1 or > MostStates || d is < 1 or > MostColumns)
            throw new InvalidDataException($"a hidden Markov model of {k} states and {d} columns");
        int count = k + k * k + k * d + k * d * d + 2 * d;
        if (bytes.Length != HeaderBytes + count * sizeof(double))
            throw new InvalidDataException($"a hidden Markov model of {k} states and {d} columns in {bytes.Length} bytes");
        var numbers = new double[count];
        for (int i = 0; i < count; i++) numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(HeaderBytes + i * sizeof(double))..]);
        int at = 0;
        try
        {
            return new HmmModel(Next(k), Next(k * k), Next(k * d), Next(k * d * d), Next(d), Next(d));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"not a hidden Markov model: {e.Message}", e);
        }

        ReadOnlySpan<double> Next(int length) => numbers.AsSpan((at += length) - length, length);
    }
}
