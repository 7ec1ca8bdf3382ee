using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Platform.Commands;

/// <summary>Options that several commands take, each with one meaning.</summary>
internal static class SharedOptions
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>--data-dir of a command that writes.</summary>
    public static Option<string?> DataDirectory() => new("--data-dir") { Description = "Where everything is kept.", HelpName = "D" };

    /// <summary>--preset.</summary>
    public static Option<string?> Preset() => new("--preset") { Description = $"Preset: {string.Join(", ", Presets.All.Keys.Order())}.", HelpName = "P" };

    /// <summary>--config.</summary>
    public static Option<string?> Config() => new("--config") { Description = "Settings file, YAML or JSON.", HelpName = "FILE" };

    /// <summary>--set.</summary>
    public static Option<string[]> Set() =>
        new("--set") { Description = "One setting, for example --set gates.cost.bufferBps=5; may be repeated.", HelpName = "KEY=VALUE" };

    /// <summary>--json.</summary>
    public static Option<FileInfo?> Json()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the result to this file as JSON.", HelpName = "FILE" };
        json.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is not { } file) return;
            if (Directory.Exists(file.FullName)) result.AddError($"--json '{file}' is a folder; name a file");
            else if (file.Directory is { Exists: false } folder) result.AddError($"--json '{file}': the folder '{folder}' does not exist");
        });
        return json;
    }

    /// <summary>Reads every layer of the settings: command line, environment, file, preset, defaults.</summary>
    /// <param name="services">Whose settings.</param>
    /// <param name="preset">Preset by name; null for none.</param>
    /// <param name="config">Settings file; null for none.</param>
    /// <param name="set">key=value pairs.</param>
    /// <param name="also">Settings that options of the command stand for.</param>
    /// <exception cref="SettingsException">Something is not valid: all of it at once.</exception>
    public static PlatformSettings Load(
        IEnumerable<Service> services, string? preset, string? config, IEnumerable<string>? set, IEnumerable<(string Key, string? Value)>? also = null)
    {
        var commandLine = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string? value) in also ?? [])
            if (value is not null) commandLine[key] = value;
        foreach (string pair in set ?? [])
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new BadInputException($"--set '{pair}' is not KEY=VALUE");
            if (pair[..equals].Equals("api.key", StringComparison.OrdinalIgnoreCase))
                throw new BadInputException("--set api.key: other users of this machine can read a command line; give it as QUADTURBO_API__KEY or in the settings file");
            commandLine[pair[..equals]] = pair[(equals + 1)..];
        }
        return PlatformSettings.Load(
            ServiceHost.CatalogueOf(services),
            new SettingsSources
            {
                Preset = preset,
                Presets = Presets.All,
                ConfigFile = config,
                Environment = SettingsSources.ProcessEnvironment(),
                CommandLine = commandLine,
            });
    }

    /// <summary>Writes <paramref name="json"/> to <paramref name="file"/>, if one was named.</summary>
    public static async Task WriteJsonAsync(FileInfo? file, JsonNode json)
    {
        if (file is null) return;
        await File.WriteAllTextAsync(file.FullName, json.ToJsonString(Indented) + "\n");
    }
}
