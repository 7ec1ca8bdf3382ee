using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Registry;

/// <summary>How versions come to judge.</summary>
[SettingsSection("registry")]
public sealed record RegistrySettings
{
    /// <summary>Share of a new challenger.</summary>
    [Description("Share of the opportunities that a new challenger judges beside the champion (AB-10).")]
    [Range(0.01, 0.99)]
    public double ChallengerShare { get; init; } = 0.2;

    /// <summary>Fewest outcomes that both have foretold before a challenger judges more.</summary>
    [Description("Fewest outcomes that champion and challenger have both foretold before the challenger judges more (AB-06).")]
    [Range(1, 1_000_000_000)]
    public long MinPredictions { get; init; } = 1_000;

    /// <summary>Shortest age of an experiment before a challenger judges more [hours].</summary>
    [Description("Shortest age of an experiment before the challenger judges more, hours (AB-06).")]
    [Range(0.0, 8_760.0)]
    public double MinHours { get; init; } = 24;

    /// <summary>Longest an experiment goes on without a result while a newer version waits [days].</summary>
    [Description("Days after which an experiment without a result ends for a newer version that waits.")]
    [Range(0.01, 365.0)]
    public double MostDays { get; init; } = 7;

    /// <summary>The one folder that model files are registered from over HTTP.</summary>
    [Description("Folder that model files are registered from over HTTP, and no other; empty for 'import' in the data directory.")]
    public string ImportFolder { get; init; } = "";
}
