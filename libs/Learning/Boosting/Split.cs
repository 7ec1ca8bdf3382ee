namespace QuadTurbo.Learning.Boosting;

/// <summary>The best question to ask at a node.</summary>
/// <param name="Feature">Which feature; −1 if none is worth asking.</param>
/// <param name="Bin">Rows of this bin and below go left.</param>
/// <param name="MissingLeft">Where missing values go.</param>
/// <param name="Left">Packed sum of derivatives of the rows that go left.</param>
/// <param name="Gain">Loss saved, before gamma.</param>
internal readonly record struct Split(int Feature, int Bin, bool MissingLeft, long Left, double Gain)
{
    public static Split None { get; } = new(-1, 0, false, 0, 0);

    public bool Exists => Feature >= 0;
}
