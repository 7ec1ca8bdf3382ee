using System.Globalization;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production.Account;

/// <summary>How far a deployment has earned trust.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Stage>))]
public enum Stage
{
    /// <summary>Where every deployment starts: no money, everything recorded.</summary>
    SpringTraining,

    /// <summary>Enough was seen and passed, and the shadow lane has trades to check it by.</summary>
    Graduated,

    /// <summary>The shadow lane is known to tell what the venue does: real money may be allowed.</summary>
    ProductionEligible,
}

/// <summary>A condition that is not met.</summary>
/// <param name="For">The stage that it keeps out of reach.</param>
/// <param name="Name">What is measured.</param>
/// <param name="Measured">What was measured; null when unknown, which is not met.</param>
/// <param name="Limit">What it is held to.</param>
/// <param name="Text">All of it in one sentence.</param>
public sealed record UnmetCondition(Stage For, string Name, double? Measured, double Limit, string Text);

/// <summary>The stage, and everything that keeps it from the last one.</summary>
/// <param name="Stage">The stage reached.</param>
/// <param name="Unmet">Every unmet condition of every later stage, in order.</param>
public sealed record GraduationVerdict(Stage Stage, IReadOnlyList<UnmetCondition> Unmet);

/// <summary>The state machine of trust: spring training, graduated, production-eligible. It knows nothing but the facts, so it can fall back too.</summary>
/// <remarks>
/// Graduated [LCFG-05]: opportunities ≥ 1,000, pass rate &gt; 75 %, at least one filled shadow trade to check accuracy by. Production-eligible [LCFG-06, C4]:
/// graduated, pass rate &gt; 80 %, and same-sign twins / filled twins ≥ 90 % over ≥ 100. Pass rate = passed / judged, over opportunities whose estimated net
/// edge is positive. What cannot be measured yet is unknown, and unknown is not met.
/// </remarks>
public static class Graduation
{
    /// <summary>Judges <paramref name="facts"/>.</summary>
    public static GraduationVerdict Judge(GraduationFacts facts, GraduationSettings settings)
    {
        double? passRate = Share(facts.NetPositivePassed, facts.NetPositive);
        double? accuracy = facts.FilledTwins >= settings.Twins ? Share(facts.SameSign, facts.FilledTwins) : null;
        var unmet = new List<UnmetCondition>();
        Require(facts.Opportunities >= settings.Opportunities, Stage.Graduated, "opportunities", facts.Opportunities, settings.Opportunities, "at least");
        Require(passRate > settings.GraduatePassRate, Stage.Graduated, "pass_rate", passRate, settings.GraduatePassRate, "above");
        Require(facts.ShadowFilled >= 1, Stage.Graduated, "shadow_trades", facts.ShadowFilled, 1, "at least");
        Require(passRate > settings.EligiblePassRate, Stage.ProductionEligible, "pass_rate", passRate, settings.EligiblePassRate, "above");
        Require(facts.FilledTwins >= settings.Twins, Stage.ProductionEligible, "twins", facts.FilledTwins, settings.Twins, "at least");
        Require(accuracy >= settings.ShadowAccuracy, Stage.ProductionEligible, "shadow_accuracy", accuracy, settings.ShadowAccuracy, "at least");
        return new GraduationVerdict(StageOf(unmet), unmet);

        void Require(bool met, Stage stage, string name, double? measured, double limit, string relation)
        {
            if (!met) unmet.Add(new UnmetCondition(stage, name, measured, limit, Sentence(stage, name, measured, limit, relation)));
        }
    }

    private static Stage StageOf(List<UnmetCondition> unmet) =>
        unmet.Count == 0 ? Stage.ProductionEligible
        : unmet[0].For == Stage.Graduated ? Stage.SpringTraining
        : Stage.Graduated;

    private static string Sentence(Stage stage, string name, double? measured, double limit, string relation) => string.Create(
        CultureInfo.InvariantCulture, $"{name} is {(measured is { } m ? $"{m:0.####}" : "unknown")}, {Title(stage)} needs {relation} {limit:0.####}");

    private static string Title(Stage stage) => stage == Stage.Graduated ? "graduation" : "production";

    private static double? Share(long part, long whole) => whole > 0 ? (double)part / whole : null;
}
