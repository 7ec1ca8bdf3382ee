using System.Collections;
using System.Collections.Frozen;

namespace QuadTurbo.Hosting.Settings;

/// <summary>What each layer gives; a later line of this list wins: defaults in code, preset, config file, environment, command line.</summary>
public sealed record SettingsSources
{
    /// <summary>The first part of every environment variable of the platform.</summary>
    public const string EnvironmentPrefix = "QUADTURBO_";

    /// <summary>Variables with the prefix that are no settings.</summary>
    public static readonly FrozenSet<string> NoSettings =
        new[] { "QUADTURBO_CRASH_AT", "QUADTURBO_DATA_DIR" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The chosen preset, if any.</summary>
    public string? Preset { get; init; }

    /// <summary>The presets there are: name to dotted key to value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Presets { get; init; } =
        FrozenDictionary<string, IReadOnlyDictionary<string, string>>.Empty;

    /// <summary>The config file, if any: JSON if its name ends so, else YAML.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Environment variables; those without the prefix are ignored. <c>QUADTURBO_GATES__METALABEL__MIN</c> is <c>gates.metaLabel.min</c>; case and
    /// underscores inside a name do not matter.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Dotted key to value, as given by <c>--set key=value</c>.</summary>
    public IReadOnlyDictionary<string, string> CommandLine { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The variables of this process that have the prefix.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(static e => ((string)e.Key).StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
        .ToFrozenDictionary(static e => (string)e.Key, static e => (string?)e.Value ?? "");
}
