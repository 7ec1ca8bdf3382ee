using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Sequential;

/// <summary>Always-valid test of the difference of two means, B less A: money of two arms that see different opportunities.</summary>
/// <remarks>v = s²A / nA + s²B / nB. Stated for arms that fill in a steady ratio, 80 : 20 say.</remarks>
public sealed class TwoSampleMeanTest : AlwaysValidTest
{
    private const uint Magic = 0x4D545451; // "QTTM"
    private Moments _a;
    private Moments _b;

    /// <summary>A test that has seen nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TwoSampleMeanTest(SequentialOptions options)
        : base(options)
    {
    }

    /// <summary>What arm A has seen.</summary>
    public Moments A => _a;

    /// <summary>What arm B has seen.</summary>
    public Moments B => _b;

    /// <inheritdoc/>
    public override double Estimate => _b.Mean - _a.Mean;

    private protected override double SquaredError => _a.Variance / _a.Count + _b.Variance / _b.Count;

    private protected override bool Started => Math.Min(_a.Count, _b.Count) >= Options.Start;

    /// <summary>Takes one value of arm B, or else of A.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public void Add(bool toB, double value)
    {
        (toB ? ref _b : ref _a).Add(Finite(value, "value"));
        Look();
    }

    /// <summary>Everything it knows; a test restored from it continues bit for bit.</summary>
    public byte[] Save() => SavedState.Write(Magic, writer =>
    {
        Options.Write(writer);
        writer.Write(PValue);
        _a.Write(writer);
        _b.Write(writer);
    });

    /// <summary>The test that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, are cut short or go on too long.</exception>
    public static TwoSampleMeanTest Restore(ReadOnlySpan<byte> saved) => SavedState.Read(Magic, saved, "two-sample test of means", reader =>
        new TwoSampleMeanTest(SequentialOptions.Read(reader)) { PValue = reader.ReadDouble(), _a = Moments.Read(reader), _b = Moments.Read(reader) });
}
