using System.Numerics;
using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Training.Drift;

/// <summary>A drift monitor of columns whose values resemble their neighbours in time. Not thread-safe.</summary>
/// <remarks>
/// The tests of <see cref="DriftMonitor"/> take samples for independent ones. Here a column is found only when its Kolmogorov-Smirnov distance is also
/// larger than that of any window of the reference, taken in order, from the reference as a whole: moving blocks, after Künsch 1989.
/// </remarks>
internal sealed class OrderedMonitor
{
    private const int BlocksPerWindow = 2;
    // The windows of the reference say what is usual; 100 resamples are enough to say what chance alone would do, and cost a twentieth of seconds.
    private readonly DriftOptions _options = new() { Resamples = 100 };
    private readonly DriftMonitor _monitor;
    private readonly Dictionary<(string Column, int Window), double> _usual = [];
    private readonly Dictionary<(string Column, int Window), uint> _found = [];
    private readonly HashSet<string> _drifting = new(StringComparer.Ordinal);

    /// <summary>A monitor against a reference in order of time.</summary>
    /// <param name="names">[F].</param>
    /// <param name="columns">[F][rows]; NaN is missing.</param>
    /// <param name="seed">Seed of the reference's sample.</param>
    public OrderedMonitor(string[] names, double[][] columns, long seed)
    {
        _monitor = new DriftMonitor(DriftReference.Of(names, columns, seed, _options));
        for (int f = 0; f < names.Length; f++)
            foreach (int window in _options.Windows) _usual[(names[f], window)] = LargestDistance(columns[f], window);
    }

    /// <summary>Every column at the last check; empty before it.</summary>
    public IReadOnlyList<ColumnDrift> Columns => _monitor.Last?.Columns ?? [];

    /// <summary>Checks made so far.</summary>
    public long Checks { get; private set; }

    /// <summary>Whether a column drifts as of the last check.</summary>
    public bool IsDrifting(string column) => _drifting.Contains(column);

    /// <summary>Takes one sample [F]; the columns in which drift begins with it, mostly none.</summary>
    public IReadOnlyList<DriftEvent> Add(double[] sample)
    {
        if (_monitor.Add(sample) is not { } check) return [];
        Checks++;
        var begun = new List<DriftEvent>();
        foreach (IGrouping<string, ColumnDrift> column in check.Columns.GroupBy(c => c.Name, StringComparer.Ordinal))
        {
            ColumnDrift? raised = null;
            foreach (ColumnDrift figures in column)
                if (Remember(figures)) raised ??= figures;
            if (raised is null) _drifting.Remove(column.Key);
            else if (_drifting.Add(column.Key)) begun.Add(new DriftEvent(check.Sample, raised));
        }
        return begun;
    }

    private bool Remember(ColumnDrift figures)
    {
        (string, int) key = (figures.Name, figures.Window);
        uint found = _found.GetValueOrDefault(key);
        if (figures.Verdict != DriftVerdict.Unknown)
        {
            // Without a distance the missing values have drifted, which no block of the reference speaks to.
            bool unusual = double.IsNaN(figures.KsD) || figures.KsD > _usual[key];
            found = (found << 1 | (figures.Verdict == DriftVerdict.Drift && unusual ? 1u : 0)) & ((1u << _options.ChecksKept) - 1);
            _found[key] = found;
        }
        return BitOperations.PopCount(found) >= _options.ChecksNeeded;
    }

    private static double LargestDistance(double[] column, int window)
    {
        double[] all = [.. column.Where(v => !double.IsNaN(v))];
        double largest = 0;
        for (int start = 0; start + window <= column.Length; start += Math.Max(1, window / BlocksPerWindow))
        {
            double[] block = [.. column.AsSpan(start, window).ToArray().Where(v => !double.IsNaN(v))];
            if (block.Length > 0) largest = Math.Max(largest, KolmogorovSmirnov.Test(block, all, KsMethod.Series).D);
        }
        return largest;
    }
}
