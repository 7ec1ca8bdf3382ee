using System.Numerics;

namespace QuadTurbo.Learning.Drift;

/// <summary>Watches columns sample by sample: every <see cref="DriftOptions.CheckEvery"/> samples it compares the last ones with the reference.</summary>
/// <remarks>
/// A column drifts in a window when chance is ruled out (<see cref="BenjaminiHochberg"/> over the columns of that window), an effect is large
/// enough (PSI, Wasserstein or KS distance), or a custom test says so. It is drifting while
/// <see cref="DriftOptions.ChecksNeeded"/> of the last <see cref="DriftOptions.ChecksKept"/> checks found that in one window or another;
/// an event is the moment this begins. A check that could not tell leaves the memory of a column as it was.
/// Memory: columns × longest window. Not thread-safe.
/// </remarks>
public sealed class DriftMonitor
{
    private readonly DriftOptions _options;
    private readonly IReadOnlyList<ReferenceColumn> _references;
    private readonly List<KeyValuePair<string, DriftTest>> _tests = [];
    private readonly double[] _recent;
    private readonly int _longest;
    private readonly uint[] _found;
    private readonly bool[] _drifting;
    private readonly double[] _window;
    private readonly double[] _sorted;

    /// <summary>Nothing is seen yet.</summary>
    /// <param name="reference">Columns and settings.</param>
    public DriftMonitor(DriftReference reference)
    {
        (_options, _references) = (reference.Options, reference.Columns);
        _longest = _options.Windows.Max();
        _recent = new double[_references.Count * _longest];
        _found = new uint[_references.Count * _options.Windows.Count];
        _drifting = new bool[_references.Count];
        _window = new double[_longest];
        _sorted = new double[_longest];
    }

    /// <summary>Samples seen.</summary>
    public long Samples { get; private set; }

    /// <summary>The last check that was made; null before the first.</summary>
    public DriftCheck? Last { get; private set; }

    /// <summary>Names of the columns that are drifting.</summary>
    public IEnumerable<string> Drifting => _references.Where((_, f) => _drifting[f]).Select(c => c.Name);

    /// <summary>Runs <paramref name="test"/> on every column of every window from now on; what it calls drift needs no p-value.</summary>
    /// <exception cref="ArgumentException">A test of that name is there.</exception>
    public void AddTest(string name, DriftTest test)
    {
        if (_tests.Exists(t => t.Key == name)) throw new ArgumentException($"a test is named '{name}' already", nameof(name));
        _tests.Add(new(name, test));
    }

    /// <summary>Takes one sample; gives a check when one is due and the shortest window is full, otherwise null.</summary>
    /// <param name="sample">[F] in the order of the reference; NaN is missing.</param>
    /// <exception cref="ArgumentException">Values and columns differ in number, or a value is infinite: nothing is taken then.</exception>
    public DriftCheck? Add(ReadOnlySpan<double> sample)
    {
        if (sample.Length != _references.Count)
            throw new ArgumentException($"{sample.Length} values for {_references.Count} columns", nameof(sample));
        for (int f = 0; f < sample.Length; f++)
            if (double.IsInfinity(sample[f]))
                throw new ArgumentException($"column '{_references[f].Name}' is infinite: finite, or NaN where missing", nameof(sample));
        int at = (int)(Samples++ % _longest);
        for (int f = 0; f < sample.Length; f++) _recent[f * _longest + at] = sample[f];
        return Samples % _options.CheckEvery == 0 && Samples >= _options.Windows.Min() ? Last = Check() : null;
    }

    private DriftCheck Check()
    {
        var all = new List<ColumnDrift>(_references.Count * _options.Windows.Count);
        var raised = new ColumnDrift?[_references.Count];
        for (int w = 0; w < _options.Windows.Count; w++)
        {
            if (Samples < _options.Windows[w]) continue;
            var columns = new ColumnDrift[_references.Count];
            for (int f = 0; f < columns.Length; f++) columns[f] = Measure(f, _options.Windows[w]);
            ColumnComparison.Judge(columns, _references, _options);
            for (int f = 0; f < columns.Length; f++)
                if (Remember(ref _found[w * columns.Length + f], columns[f].Verdict)) raised[f] ??= columns[f];
            all.AddRange(columns);
        }
        var events = new List<DriftEvent>();
        for (int f = 0; f < raised.Length; f++)
        {
            if (raised[f] is { } figures && !_drifting[f]) events.Add(new DriftEvent(Samples, figures));
            _drifting[f] = raised[f] is not null;
        }
        return new DriftCheck(Samples, all, events);
    }

    private ColumnDrift Measure(int column, int length)
    {
        Span<double> window = _window.AsSpan(0, length);
        ReadOnlySpan<double> ring = _recent.AsSpan(column * _longest, _longest);
        int end = (int)(Samples % _longest), tail = Math.Min(length, end);
        ring.Slice(end - tail, tail).CopyTo(window[(length - tail)..]);
        ring[(_longest - length + tail)..].CopyTo(window);
        int known = 0;
        foreach (double value in window)
        {
            _sorted[known] = value;
            known += double.IsNaN(value) ? 0 : 1;
        }
        Span<double> sorted = _sorted.AsSpan(0, known);
        SpreadSort.Sort(sorted);
        return ColumnComparison.Measure(_references[column], window, sorted, _options, KsMethod.Series, _tests);
    }

    // The bits are the last checks, the newest lowest; true while enough of them found drift.
    private bool Remember(ref uint found, DriftVerdict verdict)
    {
        if (verdict != DriftVerdict.Unknown)
            found = (found << 1 | (verdict == DriftVerdict.Drift ? 1u : 0)) & (uint)((1UL << _options.ChecksKept) - 1);
        return BitOperations.PopCount(found) >= _options.ChecksNeeded;
    }
}
