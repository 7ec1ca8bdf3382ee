namespace QuadTurbo.Scoring.Trees;

/// <summary>The distinct cuts of one feature, ascending: x &lt; cut j exactly if #{cuts ≤ x} ≤ j.</summary>
internal sealed class CutTable
{
    private readonly float[] _cuts;

    public CutTable(IEnumerable<float> cuts) => _cuts = [.. cuts.Distinct().Order()];

    public int Count => _cuts.Length;

    /// <summary>Cut <paramref name="index"/>, or past the end NaN, which no number reaches.</summary>
    public float this[int index] => index < _cuts.Length ? _cuts[index] : float.NaN;

    /// <summary>Where a cut stands.</summary>
    public int IndexOf(float cut) => Array.BinarySearch(_cuts, cut);
}
