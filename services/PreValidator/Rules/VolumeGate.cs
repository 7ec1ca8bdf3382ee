using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes volume above <see cref="VolumeLimit.MinRatio"/> times its usual level [GATE-08]; unknown where the feed has no volume.</summary>
public static class VolumeGate
{
    /// <summary>The gate at one limit.</summary>
    public static Gate At(double minRatio) => new(
        new GateDefinition("volume_gate", "volume / usual volume", GateComparison.Above, "volume_too_low", BindsCrossVenue: false, BindsDirectional: true),
        (in Candidate c) => GateResult.Above(c.Opportunity.VolumeRatio, minRatio));
}
