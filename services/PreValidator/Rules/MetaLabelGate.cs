using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes a win probability above <see cref="MetaLabelLimit.Min"/> [GATE-03, GATE-09]; unknown until a model is trained.</summary>
public static class MetaLabelGate
{
    /// <summary>The gate at one limit.</summary>
    public static Gate At(double min) => new(
        new GateDefinition("meta_label_gate", "P(win), 0..1", GateComparison.Above, "win_unlikely", BindsCrossVenue: true, BindsDirectional: true),
        (in Candidate c) => GateResult.Above(c.Answer.MetaLabel, min));
}
