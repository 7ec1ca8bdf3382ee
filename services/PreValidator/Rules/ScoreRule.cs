using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes a score of at least <see cref="PreValidatorSettings.MinScore"/> [LANE-14].</summary>
public static class ScoreRule
{
    /// <summary>The rule at one limit.</summary>
    public static Gate At(double min) => new(
        new GateDefinition("score_rule", "model score, 0..1", GateComparison.AtLeast, "score_too_low", BindsCrossVenue: true, BindsDirectional: true),
        (in Candidate c) => GateResult.AtLeast(c.Answer.Score, min));
}
