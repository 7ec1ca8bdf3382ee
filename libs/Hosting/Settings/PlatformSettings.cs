using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace QuadTurbo.Hosting.Settings;

/// <summary>The effective value of one setting and why it is so.</summary>
/// <param name="Key">The dotted path.</param>
/// <param name="Value">The value; masked for a secret.</param>
/// <param name="Source">The layer that gave it: <c>default</c>, <c>preset safety</c>, <c>file x.yaml:12</c>, <c>env QUADTURBO_X__Y</c> or
/// <c>command line</c>.</param>
/// <param name="Description">What the setting does.</param>
/// <param name="Range">The limits, as the end of "it must be"; null if there are none.</param>
public sealed record SettingExplanation(string Key, string Value, string Source, string Description, string? Range);

/// <summary>The settings of a process: every layer read, every value checked, one options object per type.</summary>
public sealed class PlatformSettings
{
    private readonly Dictionary<Type, object> _options;
    private readonly SettingExplanation[] _explanations;

    private PlatformSettings(SettingsCatalogue catalogue, SettingsTable table)
    {
        _options = catalogue.Sections.ToDictionary(
            static s => s.Type, s => SettingsBinder.Build(table, SettingsTable.Section(catalogue.Root, s.Path), s.Type, s.Path));
        _explanations = [.. Explanations(catalogue, table)];
        Configuration = SettingsBinder.Flatten(catalogue, _options);
    }

    /// <summary>The same values for code that binds by itself; durations are spelled <c>hh:mm:ss</c> here.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>Reads every layer over the defaults of the catalogue.</summary>
    /// <exception cref="SettingsException">A key is unknown, a value is of the wrong type or out of its range, options contradict each other
    /// (<see cref="IValidatableObject"/>), or the file or preset is not there: all of it at once.</exception>
    public static PlatformSettings Load(SettingsCatalogue catalogue, SettingsSources sources)
    {
        var errors = new List<SettingsError>();
        var reader = new SettingsReader(catalogue, errors);
        reader.Read(sources);
        if (errors.Count > 0)
            throw new SettingsException(errors);
        var settings = new PlatformSettings(catalogue, reader.Table);
        foreach ((Type type, string path) in catalogue.Sections)
            errors.AddRange(Contradictions(settings._options[type], path, reader.Table));
        return errors.Count == 0 ? settings : throw new SettingsException(errors);
    }

    /// <summary>The options of a type of the catalogue.</summary>
    /// <exception cref="InvalidOperationException">The type is not in the catalogue.</exception>
    public T Get<T>()
        where T : class =>
        (T)Get(typeof(T));

    /// <inheritdoc cref="Get{T}"/>
    public object Get(Type type) =>
        _options.GetValueOrDefault(type) ?? throw new InvalidOperationException($"options type {type.Name} is not in the settings catalogue");

    /// <summary>Every setting in the order of its key, with its effective value and where that comes from.</summary>
    public IReadOnlyList<SettingExplanation> Explain() => _explanations;

    private static IEnumerable<SettingExplanation> Explanations(SettingsCatalogue catalogue, SettingsTable table)
    {
        IEnumerable<SettingExplanation> given = table.Values.Select(static v => new SettingExplanation(v.Path, SettingsTable.Show(v.Node, v.Value),
            v.Origin.ToString(), v.Node.Description, (v.Node.Range ?? v.Node.Element?.Range)?.ToString()));
        IEnumerable<SettingExplanation> empty = catalogue.Keys
            .Where(k => k.Key.Split(".*")[0] is var map && map != k.Key && !table.MapKeys(map).Any())
            .Select(static k => new SettingExplanation(k.Key, "(none)", "default", k.Description, k.Range));
        return given.Concat(empty).OrderBy(static e => e.Key, StringComparer.Ordinal);
    }

    private static IEnumerable<SettingsError> Contradictions(object options, string path, SettingsTable table)
    {
        if (options is not IValidatableObject validatable)
            yield break;
        foreach (ValidationResult result in validatable.Validate(new ValidationContext(options)))
        {
            string key = SettingsTable.Join(path, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(result.MemberNames.FirstOrDefault() ?? ""));
            string message = $"{key}: {result.ErrorMessage}";
            yield return table.Find(key)?.Origin.Error(key, message) ?? new SettingsError(key, message);
        }
    }
}
