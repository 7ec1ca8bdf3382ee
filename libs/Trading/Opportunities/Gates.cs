namespace QuadTurbo.Trading.Opportunities;

/// <summary>What one gate says of one opportunity.</summary>
public enum GateState
{
    /// <summary>The measure is not there: it does not block paper, it blocks live.</summary>
    Unknown,

    /// <summary>Within the limit.</summary>
    Pass,

    /// <summary>Outside the limit.</summary>
    Fail,
}

/// <summary>One gate's answer.</summary>
/// <param name="State">Pass, fail or unknown.</param>
/// <param name="Measured">What was measured, in the gate's unit; NaN when unknown.</param>
/// <param name="Limit">What it was held to, in the same unit; NaN where it was held to nothing.</param>
/// <param name="Reason">A custom rule's own words; null where the gate's coded reason says it all.</param>
public readonly record struct GateResult(GateState State, double Measured, double Limit, string? Reason = null)
{
    /// <summary>Pass when <paramref name="measured"/> &gt; <paramref name="limit"/>; unknown when it is NaN.</summary>
    public static GateResult Above(double measured, double limit) => new(State3(measured, measured > limit), measured, limit);

    /// <summary>Pass when <paramref name="measured"/> ≥ <paramref name="limit"/>; unknown when it is NaN.</summary>
    public static GateResult AtLeast(double measured, double limit) => new(State3(measured, measured >= limit), measured, limit);

    /// <summary>Pass when <paramref name="measured"/> &lt; <paramref name="limit"/>; unknown when it is NaN.</summary>
    public static GateResult Below(double measured, double limit) => new(State3(measured, measured < limit), measured, limit);

    /// <summary>Pass when <paramref name="measured"/> ≤ <paramref name="limit"/>; unknown when it is NaN.</summary>
    public static GateResult AtMost(double measured, double limit) => new(State3(measured, measured <= limit), measured, limit);

    private static GateState State3(double measured, bool passes) =>
        double.IsNaN(measured) ? GateState.Unknown : passes ? GateState.Pass : GateState.Fail;
}

/// <summary>How a measure is compared with its limit.</summary>
public enum GateComparison
{
    /// <summary>measured &gt; limit.</summary>
    Above,

    /// <summary>measured ≥ limit.</summary>
    AtLeast,

    /// <summary>measured &lt; limit.</summary>
    Below,

    /// <summary>measured ≤ limit.</summary>
    AtMost,

    /// <summary>The measured value is one of an allow-list.</summary>
    OneOf,
}

/// <summary>A gate as the outside world sees it.</summary>
/// <param name="Name">Public name: <c>score_rule</c>, <c>cost_gate</c>, <c>custom:hops</c> and so on.</param>
/// <param name="Measures">What it measures, with unit.</param>
/// <param name="Comparison">How the measure is held to the limit.</param>
/// <param name="Reason">Coded reason of a refusal.</param>
/// <param name="BindsCrossVenue">Its failure refuses a cross-venue opportunity; otherwise it only advises.</param>
/// <param name="BindsDirectional">Its failure refuses a directional opportunity; otherwise it only advises.</param>
public sealed record GateDefinition(
    string Name, string Measures, GateComparison Comparison, string Reason, bool BindsCrossVenue, bool BindsDirectional)
{
    /// <summary>True when a failure refuses an opportunity of that kind.</summary>
    public bool Binds(OpportunityKind kind) => kind == OpportunityKind.CrossVenue ? BindsCrossVenue : BindsDirectional;

    /// <summary>What it says of a measure that is one number.</summary>
    /// <exception cref="InvalidOperationException">It compares with a list.</exception>
    public GateResult Judge(double measured, double limit) => Comparison switch
    {
        GateComparison.Above => GateResult.Above(measured, limit),
        GateComparison.AtLeast => GateResult.AtLeast(measured, limit),
        GateComparison.Below => GateResult.Below(measured, limit),
        GateComparison.AtMost => GateResult.AtMost(measured, limit),
        _ => throw new InvalidOperationException($"{Name} compares with a list, not with a number"),
    };

    /// <summary>The coded reason of a refusal, with the rule's own words where it has some.</summary>
    public string ReasonOf(in GateResult result) => result.Reason is null ? Reason : $"{Reason}: {result.Reason}";
}

/// <summary>The gates in the order in which they are evaluated, and the numbers they are held to.</summary>
/// <param name="Gates">Every gate; at most <see cref="MostGates"/>.</param>
/// <param name="Settings">The effective settings of gates and rules as JSON, enough to judge again.</param>
public sealed record GatePolicy(IReadOnlyList<GateDefinition> Gates, string Settings)
{
    /// <summary>The most gates one policy can hold.</summary>
    public const int MostGates = 24;
}
