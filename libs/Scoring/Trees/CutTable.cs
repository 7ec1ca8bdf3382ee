namespace QuadTurbo.Scoring.Trees;

/// <summary>The distinct cuts of one feature, ascending: x &lt; cut j exactly if #{cuts ≤ x} ≤ j.</summary>
internal sealed class CutTable
{
    private readonly float[] _cuts;

    /// <summary>The table of <paramref name="cuts"/>, which come in any order and more than once.</summary>
    public CutTable(List<float> cuts)
    {
        cuts.Sort();
        int count = 0;
        for (int i = 0; i < cuts.Count; i++)
            if (count == 0 || cuts[i] != cuts[count - 1]) cuts[count++] = cuts[i];
        _cuts = [.. cuts[..count]];
    }

    public int Count => _cuts.Length;

    /// <summary>Cut <paramref name="index"/>, or past the end NaN, which no number reaches.</summary>
    public float this[int index] => index < _cuts.Length ? _cuts[index] : float.NaN;

    /// <summary>Where a cut stands.</summary>
    public int IndexOf(float cut) => Array.BinarySearch(_cuts, cut);
}
