using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Sequential;

/// <summary>Always-valid test of the mean of paired differences: challenger less champion on the same opportunities.</summary>
public sealed class PairedMeanTest : AlwaysValidTest
{
    private const uint Magic = 0x4D505451; // "QTPM"
    private Moments _moments;

    /// <summary>A test that has seen nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public PairedMeanTest(SequentialOptions options)
        : base(options)
    {
    }

    /// <summary>Differences seen.</summary>
    public long Count => _moments.Count;

    /// <inheritdoc/>
    public override double Estimate => _moments.Mean;

    /// <summary>Variance of the differences, divided by count − 1; NaN of fewer than 2.</summary>
    public double Variance => _moments.Variance;

    private protected override double SquaredError => _moments.Variance / _moments.Count;

    private protected override bool Started => Count >= Options.Start;

    /// <summary>Takes one difference.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public void Add(double difference)
    {
        _moments.Add(Finite(difference, "difference"));
        Look();
    }

    /// <summary>Everything it knows; a test restored from it continues bit for bit.</summary>
    public byte[] Save() => SavedState.Write(Magic, writer =>
    {
        Options.Write(writer);
        writer.Write(PValue);
        _moments.Write(writer);
    });

    /// <summary>The test that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, are cut short or go on too long.</exception>
    public static PairedMeanTest Restore(ReadOnlySpan<byte> saved) => SavedState.Read(Magic, saved, "paired test", reader =>
        new PairedMeanTest(SequentialOptions.Read(reader)) { PValue = reader.ReadDouble(), _moments = Moments.Read(reader) });
}
