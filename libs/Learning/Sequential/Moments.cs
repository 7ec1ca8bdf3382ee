namespace QuadTurbo.Learning.Sequential;

/// <summary>Running count, mean and variance (Welford 1962); the variance of equal values is exactly 0.</summary>
public struct Moments
{
    private double _mean;
    private double _squares;

    /// <summary>Values seen.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean; NaN of none.</summary>
    public readonly double Mean => Count > 0 ? _mean : double.NaN;

    /// <summary>Their variance, divided by count − 1; NaN of fewer than 2.</summary>
    public readonly double Variance => Count > 1 ? _squares / (Count - 1) : double.NaN;

    /// <summary>Takes one more.</summary>
    public void Add(double value)
    {
        Count++;
        double before = value - _mean;
        _mean += before / Count;
        _squares += before * (value - _mean);
    }

    /// <summary>The moments of <paramref name="values"/>.</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        var moments = default(Moments);
        foreach (double value in values) moments.Add(value);
        return moments;
    }

    internal readonly void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_mean);
        writer.Write(_squares);
    }

    internal static Moments Read(BinaryReader reader) =>
        new() { Count = reader.ReadInt64(), _mean = reader.ReadDouble(), _squares = reader.ReadDouble() };
}
