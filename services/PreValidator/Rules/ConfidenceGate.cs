using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes a confidence of at least <see cref="ConfidenceLimit.Min"/> [GATE-05].</summary>
public static class ConfidenceGate
{
    /// <summary>The gate at one limit.</summary>
    public static Gate At(double min) => new(
        new GateDefinition("confidence_gate", "confidence of detection, 0..1", GateComparison.AtLeast, "not_confident", BindsCrossVenue: true, BindsDirectional: true),
        (in Candidate c) => GateResult.AtLeast(c.Opportunity.Confidence, min));
}
