namespace QuadTurbo.Learning.Sequential;

/// <summary>How an always-valid test weighs effects, and when it may speak.</summary>
public sealed record SequentialOptions
{
    /// <summary>Standard deviation of the effects that the test mixes over, in units of the effect: best near the smallest effect that
    /// matters.</summary>
    public required double Tau { get; init; }

    /// <summary>Chance of ever crying wolf, and 1 − the confidence of the interval.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Samples, of each arm, before the first look: the variance is estimated from them.</summary>
    public int Start { get; init; } = 100;

    internal void Check()
    {
        if (!(Tau > 0 && double.IsFinite(Tau))) throw new ArgumentOutOfRangeException(nameof(Tau), Tau, "finite and above 0");
        if (!(Alpha is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "between 0 and 1");
        if (Start < 2) throw new ArgumentOutOfRangeException(nameof(Start), Start, "at least 2 samples");
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Tau);
        writer.Write(Alpha);
        writer.Write(Start);
    }

    internal static SequentialOptions Read(BinaryReader reader) =>
        new() { Tau = reader.ReadDouble(), Alpha = reader.ReadDouble(), Start = reader.ReadInt32() };
}
