namespace QuadTurbo.Registry.Promotion;

/// <summary>What follows from the checks of an experiment.</summary>
public enum PromotionDecision
{
    /// <summary>It goes on as it is.</summary>
    Wait,

    /// <summary>The challenger serves the next share.</summary>
    Ramp,

    /// <summary>The challenger serves alone.</summary>
    Promote,

    /// <summary>Everything speaks for it, but it is of another mind: people decide.</summary>
    AskPeople,

    /// <summary>It loses money against the champion, beyond chance: the experiment ends.</summary>
    Stop,
}

/// <summary>The checks of an experiment, and what follows.</summary>
/// <param name="Checks">Each of them.</param>
/// <param name="Decision">What follows.</param>
/// <param name="NextShare">The challenger's share after the next step.</param>
public sealed record PromotionVerdict(IReadOnlyList<PromotionCheck> Checks, PromotionDecision Decision, double NextShare)
{
    /// <summary>Whether nothing speaks against it: what people may then do at once, the lane does step by step.</summary>
    public bool Holds => Checks.All(c => c.Passed ?? c.Name == "stable_importance");

    /// <summary>What still speaks against it, or that nothing does, in words.</summary>
    public string Why => Checks.Where(c => c.Passed != true && (c.Passed == false || c.Name != "stable_importance")).ToArray() is { Length: > 0 } open
        ? string.Join("; ", open.Select(c => $"{c.Name}: {c.Words}"))
        : "every check passed: " + string.Join("; ", Checks.Where(c => c.Passed == true).Select(c => $"{c.Name}: {c.Words}"));
}
