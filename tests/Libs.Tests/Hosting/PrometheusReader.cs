using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace QuadTurbo.Libs.Tests.Hosting;

/// <summary>Reads a metrics page by the rules of the text format 0.0.4, character by character, and refuses whatever breaks them.</summary>
internal sealed partial class PrometheusReader
{
    private readonly Dictionary<string, string> _types = [];
    private readonly HashSet<string> _closed = [];
    private string? _open;

    public Dictionary<string, string> Types => _types;

    public Dictionary<string, string> Helps { get; } = [];

    public List<(string Name, SortedDictionary<string, string> Labels, double Value)> Samples { get; } = [];

    public static PrometheusReader Read(string page)
    {
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        var reader = new PrometheusReader();
        foreach (string line in page[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                reader.Help(line[7..]);
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                reader.Type(line[7..]);
            else
                reader.Sample(line);
        }

        var keys = reader.Samples.Select(static s => s.Name + string.Concat(s.Labels.Select(static l => $"\0{l.Key}\0{l.Value}"))).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
        return reader;
    }

    public double Value(string name, params (string Key, string Value)[] labels) =>
        Assert.Single(Samples, s => s.Name == name && s.Labels.Select(static l => (l.Key, l.Value)).SequenceEqual(labels.OrderBy(static l => l.Key, StringComparer.Ordinal))).Value;

    private void Help(string rest)
    {
        string[] parts = rest.Split(' ', 2);
        Assert.True(Helps.TryAdd(parts[0], parts[1]), $"second HELP for {parts[0]}");
    }

    private void Type(string rest)
    {
        string[] parts = rest.Split(' ');
        Assert.Equal(2, parts.Length);
        Assert.Contains(parts[1], new[] { "counter", "gauge", "histogram" });
        Assert.True(_types.TryAdd(parts[0], parts[1]), $"second TYPE for {parts[0]}");
        if (_open is not null)
            Assert.True(_closed.Add(_open));
        _open = parts[0];
    }

    private void Sample(string line)
    {
        int at = 0;
        string name = Until(line, ref at, "{ ");
        Assert.Matches(MetricName(), name);
        string family = _types.ContainsKey(name) ? name : Suffix().Replace(name, "");
        Assert.Equal(_open, family);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
            at = Labels(line, at + 1, labels);
        Assert.Equal(' ', line[at++]);
        Samples.Add((name, labels, Number(line[at..])));
    }

    private static int Labels(string line, int at, SortedDictionary<string, string> labels)
    {
        while (line[at] != '}')
        {
            string label = Until(line, ref at, "=");
            Assert.Matches(LabelName(), label);
            Assert.Equal("=\"", line.Substring(at, 2));
            at += 2;
            var value = new StringBuilder();
            for (; line[at] != '"'; at++)
            {
                if (line[at] != '\\')
                    value.Append(line[at]);
                else
                    value.Append(line[++at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', char c => throw new FormatException($"escape \\{c}") });
            }

            Assert.True(labels.TryAdd(label, value.ToString()), $"label {label} twice");
            if (line[++at] == ',')
                at++;
        }

        return at + 1;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Until(string line, ref int at, string stops)
    {
        int end = line.IndexOfAny(stops.ToCharArray(), at);
        string part = line[at..end];
        at = end;
        return part;
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex MetricName();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
