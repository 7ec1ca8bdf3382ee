using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Production.Account;

/// <summary>What has to be shown before real money is allowed [LCFG-05, LCFG-06, C4].</summary>
[SettingsSection("graduation")]
public sealed record GraduationSettings
{
    /// <summary>Opportunities.</summary>
    [Description("Fewest opportunities judged before spring training can end.")]
    [Range(1, int.MaxValue)]
    public long Opportunities { get; init; } = 1_000;

    /// <summary>Pass rate that ends spring training.</summary>
    [Description("Pass rate, over opportunities with a positive estimated net edge, above which spring training ends.")]
    [Range(0.0, 1.0)]
    public double GraduatePassRate { get; init; } = 0.75;

    /// <summary>Pass rate that allows real money.</summary>
    [Description("Pass rate, over opportunities with a positive estimated net edge, above which real money is allowed.")]
    [Range(0.0, 1.0)]
    public double EligiblePassRate { get; init; } = 0.80;

    /// <summary>Fewest twins.</summary>
    [Description("Fewest twins, filled both on paper and in the shadow lane, on which shadow accuracy is judged; fewer is unknown.")]
    [Range(1, int.MaxValue)]
    public long Twins { get; init; } = 100;

    /// <summary>Shadow accuracy.</summary>
    [Description("Share of twins whose nets have the same sign, from which on shadow accuracy is validated.")]
    [Range(0.0, 1.0)]
    public double ShadowAccuracy { get; init; } = 0.90;
}
