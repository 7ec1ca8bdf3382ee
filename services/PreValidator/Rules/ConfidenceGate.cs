using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes a confidence of at least <see cref="ConfidenceLimit.Min"/> [GATE-05]: that of the detection or, if less, of the model in its own answer.</summary>
public static class ConfidenceGate
{
    /// <summary>The gate at one limit.</summary>
    public static Gate At(double min) => new(
        new GateDefinition("confidence_gate", "confidence of detection or, if less, of the model, 0..1", GateComparison.AtLeast, "not_confident", BindsCrossVenue: true, BindsDirectional: true),
        (in Candidate c) => GateResult.AtLeast(double.MinNumber(c.Opportunity.Confidence, c.Answer.Confidence), min));
}
