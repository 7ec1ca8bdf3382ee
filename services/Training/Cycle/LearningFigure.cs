namespace QuadTurbo.Training.Cycle;

/// <summary>One of the contractual figures of the learning engine, with the range that it is held to [LRN-01..10].</summary>
/// <param name="Name">Its public name; with a mode where there is one per mode.</param>
/// <param name="Value">What was measured; null where there is nothing to measure yet.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Min">Lowest that is acceptable; null for no such limit.</param>
/// <param name="Ideal">What is aimed at.</param>
/// <param name="Max">Highest that is acceptable; null for no such limit.</param>
public sealed record LearningFigure(string Name, double? Value, string Unit, double? Min, double? Ideal, double? Max)
{
    /// <summary>unknown, low, ok, ideal or high.</summary>
    public string Verdict =>
        Value is not { } value ? "unknown"
        : value < Min ? "low"
        : value > Max ? "high"
        : Ideal is { } ideal && (Min is null ? value <= ideal : value >= ideal) ? "ideal"
        : "ok";
}
