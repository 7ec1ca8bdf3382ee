using System.Globalization;
using System.Text;

namespace QuadTurbo.Hosting.Telemetry;

/// <summary>How a measurement changes a series and what the page calls it.</summary>
internal enum MetricKind
{
    /// <summary>Sums measurements of zero or more.</summary>
    Counter,

    /// <summary>Sums measurements of either sign; a gauge on the page.</summary>
    UpDown,

    /// <summary>Keeps the latest measurement.</summary>
    Gauge,

    /// <summary>Counts measurements by bucket.</summary>
    Histogram,
}

/// <summary>One metric of the page: its series by label set, at most <paramref name="limit"/> of them.</summary>
/// <remarks>Recording into a known label set takes no lock and allocates nothing: the table of series is copied on write, and a label
/// set is found by an order-free hash and an order-free comparison, so that call sites may list their tags in any order.</remarks>
internal sealed class MetricFamily(string name, MetricKind kind, string help, double[] bounds, bool observed, int limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricSeries> _byLabels = new(StringComparer.Ordinal);
    private volatile Entry[] _entries = [];
    private long _overLimit;
    private long _invalid;

    public string Name => name;

    public MetricKind Kind => kind;

    /// <summary>The values are asked for at each scrape, so they are forgotten before it.</summary>
    public bool Observed => observed;

    /// <summary>Measurements dropped since the family holds its limit of label sets.</summary>
    public long OverLimit => Interlocked.Read(ref _overLimit);

    /// <summary>Measurements dropped since they cannot be summed: negative for a counter, or not finite.</summary>
    public long Invalid => Interlocked.Read(ref _invalid);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (kind != MetricKind.Gauge && (!double.IsFinite(value) || (kind == MetricKind.Counter && value < 0)))
        {
            Interlocked.Increment(ref _invalid);
            return;
        }

        int hash = Hash(tags);
        MetricSeries? series = Find(_entries, hash, tags) ?? Add(hash, tags);
        if (series is null)
            Interlocked.Increment(ref _overLimit);
        else
            series.Apply(kind, value);
    }

    public void Forget()
    {
        lock (_gate)
        {
            _entries = [];
            _byLabels.Clear();
        }
    }

    /// <summary>Appends HELP, TYPE and every series in the order of its labels.</summary>
    public void Write(StringBuilder page)
    {
        page.Append("# HELP ").Append(name).Append(' ').Append(MetricText.Help(help)).Append('\n');
        page.Append("# TYPE ").Append(name).Append(' ').Append(TypeName).Append('\n');
        KeyValuePair<string, MetricSeries>[] all;
        lock (_gate)
            all = [.. _byLabels];
        Array.Sort(all, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        foreach ((string labels, MetricSeries series) in all)
        {
            if (kind == MetricKind.Histogram)
                WriteHistogram(page, labels, series);
            else
                WriteSample(page, name, labels, series.Value);
        }
    }

    private string TypeName => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private void WriteHistogram(StringBuilder page, string labels, MetricSeries series)
    {
        string separator = labels.Length == 0 ? "" : ",";
        long cumulative = 0;
        for (int i = 0; i <= bounds.Length; i++)
        {
            cumulative += series.Bucket(i);
            string bound = i < bounds.Length ? MetricText.Number(bounds[i]) : "+Inf";
            WriteSample(page, name + "_bucket", $"{labels}{separator}le=\"{bound}\"", cumulative);
        }

        WriteSample(page, name + "_sum", labels, series.Value);
        WriteSample(page, name + "_count", labels, cumulative);
    }

    private static void WriteSample(StringBuilder page, string name, string labels, double value)
    {
        page.Append(name);
        if (labels.Length > 0)
            page.Append('{').Append(labels).Append('}');
        page.Append(' ').Append(MetricText.Number(value)).Append('\n');
    }

    private MetricSeries? Add(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            if (Find(_entries, hash, tags) is { } raced)
                return raced;
            if (_entries.Length >= limit)
                return null;
            string labels = MetricText.Labels(tags);
            if (!_byLabels.TryGetValue(labels, out MetricSeries? series))
                _byLabels[labels] = series = new MetricSeries(bounds);
            _entries = [.. _entries, new Entry(hash, tags.ToArray(), series)];
            return series;
        }
    }

    private static MetricSeries? Find(Entry[] entries, int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (Entry entry in entries)
        {
            if (entry.Hash == hash && Same(entry.Tags, tags))
                return entry.Series;
        }

        return null;
    }

    private static bool Same(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
            return false;
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            bool found = false;
            foreach (KeyValuePair<string, object?> other in known)
                found |= string.Equals(other.Key, tag.Key, StringComparison.Ordinal) && Equals(other.Value, tag.Value);
            if (!found)
                return false;
        }

        return true;
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = tags.Length;
        foreach (KeyValuePair<string, object?> tag in tags)
            hash += HashCode.Combine(tag.Key, tag.Value);
        return hash;
    }

    private sealed record Entry(int Hash, KeyValuePair<string, object?>[] Tags, MetricSeries Series);
}

/// <summary>The numbers of one label set, changed without a lock.</summary>
internal sealed class MetricSeries(double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;

    /// <summary>The sum of a counter or histogram, or the latest value of a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    public long Bucket(int index) => Interlocked.Read(ref _buckets[index]);

    public void Apply(MetricKind kind, double value)
    {
        if (kind == MetricKind.Gauge)
        {
            Volatile.Write(ref _value, value);
            return;
        }

        if (kind == MetricKind.Histogram)
            Interlocked.Increment(ref _buckets[FirstBoundNotBelow(value)]);
        double before = Volatile.Read(ref _value);
        while (true)
        {
            double seen = Interlocked.CompareExchange(ref _value, before + value, before);
            if (seen.Equals(before))
                return;
            before = seen;
        }
    }

    private int FirstBoundNotBelow(double value)
    {
        int at = Array.BinarySearch(bounds, value);
        return at >= 0 ? at : ~at;
    }
}

/// <summary>The spelling rules of the Prometheus text format 0.0.4.</summary>
internal static class MetricText
{
    private const int LongestLabelValue = 200;

    /// <summary>Turns an instrument's name and unit into a metric name: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, base unit and <c>_total</c> last.</summary>
    public static string Name(string instrument, string? unit, bool counter)
    {
        string name = Clean(instrument, colons: true);
        if (counter && name.EndsWith("_total", StringComparison.Ordinal))
            name = name[..^"_total".Length];
        string suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return counter ? name + "_total" : name;
    }

    /// <summary>The labels in the order of their names, escaped; of a name given twice the last value counts.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
            sorted[LabelName(tag.Key)] = LabelValue(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "");
        return string.Join(',', sorted.Select(label => $"{label.Key}=\"{label.Value}\""));
    }

    public static string Help(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    // "le" belongs to the buckets and a double underscore to the server.
    private static string LabelName(string tag)
    {
        string name = Clean(tag, colons: false);
        return name is "le" ? "le_" : name.StartsWith("__", StringComparison.Ordinal) ? "label" + name : name;
    }

    // Control characters and lone surrogates are replaced before label sets are compared, so that no two series read alike.
    private static string LabelValue(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (Rune rune in value.Length > LongestLabelValue ? value[..LongestLabelValue].EnumerateRunes() : value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString()),
            };
        }

        return text.ToString();
    }

    private static string Clean(string name, bool colons)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (char c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':') ? c : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
            text.Insert(0, '_');
        return text.ToString();
    }
}
