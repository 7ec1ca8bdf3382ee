using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Sequential;

/// <summary>Adds up values of one block, or one minute: what happens in it hangs together, so its total is the unit that tests may count. Not
/// thread-safe.</summary>
/// <remarks>Clusters come in order; the last one is open until another begins.</remarks>
public sealed class ClusterTotals
{
    private const uint Magic = 0x54435451; // "QTCT"
    private long _cluster;
    private double _total;

    /// <summary>Values in the open cluster.</summary>
    public long Open { get; private set; }

    /// <summary>Takes one value; when it begins a new cluster, the total of the one before is given out.</summary>
    /// <param name="cluster">Block number, or minutes since an epoch.</param>
    /// <param name="value">In the units of the total.</param>
    /// <param name="closed">The total of the cluster that has closed.</param>
    /// <returns>Whether one has.</returns>
    /// <exception cref="ArgumentException">The value is not finite, or its cluster lies before the open one.</exception>
    public bool Add(long cluster, double value, out double closed)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"a value of {value}: only finite numbers", nameof(value));
        if (Open > 0 && cluster < _cluster)
            throw new ArgumentException($"cluster {cluster} after {_cluster}: clusters come in order", nameof(cluster));
        closed = _total;
        bool closes = Open > 0 && cluster > _cluster;
        if (closes)
        {
            _total = 0;
            Open = 0;
        }
        _cluster = cluster;
        _total += value;
        Open++;
        return closes;
    }

    /// <summary>Closes the open cluster; false when there is none.</summary>
    public bool Close(out double closed)
    {
        closed = _total;
        bool closes = Open > 0;
        _total = 0;
        Open = 0;
        return closes;
    }

    /// <summary>The total of each cluster, in ascending order of clusters; values may come in any order.</summary>
    /// <param name="clusters">[rows].</param>
    /// <param name="values">Finite: [rows].</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not finite.</exception>
    public static double[] Sum(ReadOnlySpan<long> clusters, ReadOnlySpan<double> values)
    {
        if (clusters.Length != values.Length) throw new ArgumentException($"{clusters.Length} clusters for {values.Length} values", nameof(values));
        var totals = new SortedDictionary<long, double>();
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) throw new ArgumentException($"value {i} is {values[i]}: only finite numbers", nameof(values));
            totals[clusters[i]] = totals.GetValueOrDefault(clusters[i]) + values[i];
        }
        return [.. totals.Values];
    }

    /// <summary>Everything it knows; what is restored from it continues bit for bit.</summary>
    public byte[] Save() => SavedState.Write(Magic, writer =>
    {
        writer.Write(_cluster);
        writer.Write(_total);
        writer.Write(Open);
    });

    /// <summary>What <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, are cut short or go on too long.</exception>
    public static ClusterTotals Restore(ReadOnlySpan<byte> saved) => SavedState.Read(Magic, saved, "sum of clusters", reader =>
        new ClusterTotals { _cluster = reader.ReadInt64(), _total = reader.ReadDouble(), Open = reader.ReadInt64() });
}
