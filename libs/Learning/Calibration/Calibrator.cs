using System.Buffers.Binary;

namespace QuadTurbo.Learning.Calibration;

/// <summary>Turns a model's raw margin, in log-odds, into a probability; immutable, and the same bits on every machine.</summary>
/// <remarks>
/// Its bytes are a magic number, the kind and the parameters, little-endian; two calibrators are equal when their bytes are.
/// ±∞ stands for the largest finite margin; NaN gives NaN.
/// </remarks>
public abstract class Calibrator : IEquatable<Calibrator>
{
    private const uint Magic = 0x41435451; // "QTCA"
    private const int Head = sizeof(uint) + 1;

    private protected Calibrator()
    {
    }

    /// <summary>Its shape.</summary>
    public abstract CalibratorKind Kind { get; }

    /// <summary>The probability of label 1 at a margin; allocates nothing.</summary>
    public abstract double Apply(double margin);

    /// <summary>The probabilities of a batch.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Apply(ReadOnlySpan<double> margins, Span<double> probabilities)
    {
        if (margins.Length != probabilities.Length)
            throw new ArgumentException($"{margins.Length} margins for {probabilities.Length} probabilities", nameof(probabilities));
        for (int i = 0; i < margins.Length; i++) probabilities[i] = Apply(margins[i]);
    }

    /// <summary>Canonical bytes, little-endian: equal calibrators have equal bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] parameters = Parameters();
        var bytes = new byte[Head + parameters.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        bytes[sizeof(uint)] = (byte)Kind;
        parameters.CopyTo(bytes, Head);
        return bytes;
    }

    /// <summary>The calibrator that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a calibrator, are cut short or go on after it.</exception>
    public static Calibrator FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic) throw new InvalidDataException("not a calibrator");
        var kind = (CalibratorKind)bytes[sizeof(uint)];
        ReadOnlySpan<byte> rest = bytes[Head..];
        try
        {
            return kind switch
            {
                CalibratorKind.Identity when rest.IsEmpty => Identity.Instance,
                CalibratorKind.Temperature when rest.Length == 8 => new Temperature(Double(rest, 0)),
                CalibratorKind.Platt when rest.Length == 16 => new Platt(Double(rest, 0), Double(rest, 1)),
                CalibratorKind.Beta when rest.Length == 24 => new Beta(Double(rest, 0), Double(rest, 1), Double(rest, 2)),
                CalibratorKind.Isotonic => Isotonic.FromParameters(rest),
                _ => throw new InvalidDataException($"not a calibrator: kind {kind} of {rest.Length} bytes"),
            };
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"not a calibrator: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public bool Equals(Calibrator? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Calibrator);

    /// <inheritdoc/>
    public sealed override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(ToBytes());
        return hash.ToHashCode();
    }

    private protected abstract byte[] Parameters();

    private protected static byte[] Bytes(params ReadOnlySpan<double> values)
    {
        var bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return bytes;
    }

    // An infinite margin must not meet a slope of 0 (NaN) or an infinite table.
    private protected static double Finite(double margin) => Math.Clamp(margin, -double.MaxValue, double.MaxValue);

    private static double Double(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(at * sizeof(double))..]);
}
