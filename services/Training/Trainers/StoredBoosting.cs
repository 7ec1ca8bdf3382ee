using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Training.Trainers;

/// <summary>The shape of trees that a search found best: <c>hyper-parameters.json</c> of the data directory. It stands over the settings until it is deleted.</summary>
public static class StoredBoosting
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "hyper-parameters.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What is stored, or <paramref name="settings"/> where nothing is.</summary>
    /// <exception cref="SettingsException">The file does not read, or a value is outside of its range.</exception>
    public static BoostingSettings Over(BoostingSettings settings, string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path)) return settings;
        try
        {
            BoostingSettings stored = JsonSerializer.Deserialize<BoostingSettings>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is empty");
            Validator.ValidateObject(stored, new ValidationContext(stored), validateAllProperties: true);
            return stored;
        }
        catch (Exception e) when (e is JsonException or ValidationException)
        {
            throw new SettingsException([new(FileName, $"'{path}' does not read: {e.Message} Delete it to go back to the settings.")]);
        }
    }

    /// <summary>Stores <paramref name="settings"/>: written beside its place, then moved.</summary>
    public static string Save(BoostingSettings settings, string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName), partial = path + ".partial";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(settings, Json));
        File.Move(partial, path, overwrite: true);
        return path;
    }
}
