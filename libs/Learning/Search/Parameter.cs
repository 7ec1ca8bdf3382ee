namespace QuadTurbo.Learning.Search;

/// <summary>One dimension of a search; a value of it is a double, whatever its kind.</summary>
public sealed class Parameter
{
    // Beyond this a whole number and its neighbours are not all doubles.
    private const double MostWhole = 1L << 52;

    private Parameter(string name, ParameterKind kind, double low, double high, bool log, IReadOnlyList<string> choices)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Kind, Low, High, Log, Choices) = (name, kind, low, high, log, choices);
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>What its values are.</summary>
    public ParameterKind Kind { get; }

    /// <summary>The least value; 0 for a choice.</summary>
    public double Low { get; }

    /// <summary>The largest value, itself allowed.</summary>
    public double High { get; }

    /// <summary>True when equal ratios, not equal differences, are equally likely at first.</summary>
    public bool Log { get; }

    /// <summary>The names of a choice; empty for numbers.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>Any number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limits are not finite and ascending, or not above 0 for a log scale.</exception>
    public static Parameter Real(string name, double low, double high, bool log = false)
    {
        if (!double.IsFinite(low) || (log && !(low > 0)))
            throw new ArgumentOutOfRangeException(nameof(low), low, $"{name}: finite{(log ? " and above 0" : "")}");
        if (!(high > low) || !double.IsFinite(high - low))
            throw new ArgumentOutOfRangeException(nameof(high), high, $"{name}: finite and above {low}");
        return new Parameter(name, ParameterKind.Real, low, high, log, []);
    }

    /// <summary>Any whole number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limits do not ascend, are beyond ±2⁵², or not above 0 for a log scale.</exception>
    public static Parameter Whole(string name, long low, long high, bool log = false)
    {
        if (low < -MostWhole || (log && low < 1))
            throw new ArgumentOutOfRangeException(nameof(low), low, $"{name}: at least {(log ? 1 : -MostWhole)}");
        if (high < low || high > MostWhole)
            throw new ArgumentOutOfRangeException(nameof(high), high, $"{name}: at least {low} and at most {MostWhole}");
        return new Parameter(name, ParameterKind.Whole, low, high, log, []);
    }

    /// <summary>One of <paramref name="choices"/>, by position.</summary>
    /// <exception cref="ArgumentException">There are none, or two are equal.</exception>
    public static Parameter Choice(string name, params IReadOnlyList<string> choices)
    {
        if (choices.Count == 0) throw new ArgumentException($"{name} has no choices", nameof(choices));
        if (choices.Distinct(StringComparer.Ordinal).Count() < choices.Count)
            throw new ArgumentException($"{name} has a choice twice", nameof(choices));
        return new Parameter(name, ParameterKind.Choice, 0, choices.Count - 1, log: false, [.. choices]);
    }

    /// <summary>Refuses a value that it cannot have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names parameter, value and limit.</exception>
    public void Check(double value)
    {
        if (!(value >= Low)) throw new ArgumentOutOfRangeException(Name, value, $"{Name} is {value}, at least {Low}");
        if (!(value <= High)) throw new ArgumentOutOfRangeException(Name, value, $"{Name} is {value}, at most {High}");
        if (Kind != ParameterKind.Real && value != Math.Round(value))
            throw new ArgumentOutOfRangeException(Name, value, $"{Name} is {value}, not a whole number");
    }

    /// <summary>A value as text: "0.1", or the name of a choice.</summary>
    public string Describe(double value) => Kind == ParameterKind.Choice ? Choices[(int)value] : $"{value:R}";

    /// <summary>Where the scale begins on which it is searched: logarithms, and half a step around whole numbers.</summary>
    internal double ScaleLow => Scale(Low - HalfStep);

    /// <summary>Where that scale ends.</summary>
    internal double ScaleHigh => Scale(High + HalfStep);

    internal double HalfStep => Kind == ParameterKind.Real ? 0 : 0.5;

    internal double Scale(double value) => Log ? Math.Log(value) : value;

    /// <summary>The value at a place on the scale, rounded and held within the limits.</summary>
    internal double Unscale(double at)
    {
        double value = Log ? Math.Exp(at) : at;
        return Math.Clamp(Kind == ParameterKind.Real ? value : Math.Round(value), Low, High);
    }
}
