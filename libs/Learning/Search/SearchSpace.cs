using System.Collections;

namespace QuadTurbo.Learning.Search;

/// <summary>The parameters of a search, in order; a point is an array with one value for each.</summary>
public sealed class SearchSpace : IReadOnlyList<Parameter>
{
    private readonly Parameter[] _parameters;

    /// <summary>A space of the given parameters.</summary>
    /// <exception cref="ArgumentException">There are none, or two have one name.</exception>
    public SearchSpace(params IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0) throw new ArgumentException("a search has no parameters", nameof(parameters));
        if (parameters.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"two parameters are called {twice.Key}", nameof(parameters));
        _parameters = [.. parameters];
    }

    /// <summary>Gradient-boosted trees: number and depth of trees, learning rate, L2, child weight, row and column share, split penalty.</summary>
    public static SearchSpace Boosting { get; } = new(
        Parameter.Whole("rounds", 50, 400),
        Parameter.Whole("depth", 3, 6),
        Parameter.Real("eta", 0.02, 0.3, log: true),
        Parameter.Real("lambda", 0.01, 30, log: true),
        Parameter.Real("min_child_weight", 1, 50),
        Parameter.Real("subsample", 0.5, 1),
        Parameter.Real("colsample", 0.3, 1),
        Parameter.Real("gamma", 0, 5));

    /// <summary>Number of parameters.</summary>
    public int Count => _parameters.Length;

    /// <summary>The parameter at a place.</summary>
    public Parameter this[int index] => _parameters[index];

    /// <summary>The place of a parameter.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public int IndexOf(string name)
    {
        int index = Array.FindIndex(_parameters, p => p.Name == name);
        return index >= 0
            ? index
            : throw new ArgumentException($"no parameter is called {name}: {string.Join(", ", _parameters.Select(p => p.Name))}", nameof(name));
    }

    /// <summary>The value of one parameter at a point.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public double Value(IReadOnlyList<double> point, string name) => point[IndexOf(name)];

    /// <summary>Refuses a point outside the space.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Names parameter, value and limit.</exception>
    public void Check(IReadOnlyList<double> point)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (point.Count != Count) throw new ArgumentException($"a point of {point.Count} values; the space has {Count} parameters", nameof(point));
        for (int i = 0; i < Count; i++) _parameters[i].Check(point[i]);
    }

    /// <summary>A point as text: "rounds=100 depth=6 …".</summary>
    public string Describe(IReadOnlyList<double> point) => string.Join(' ', _parameters.Select((p, i) => $"{p.Name}={p.Describe(point[i])}"));

    /// <inheritdoc/>
    public IEnumerator<Parameter> GetEnumerator() => ((IEnumerable<Parameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
