using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Trainers;

/// <summary>The shape of trees of each kind of opportunity: the settings, or what a search found best and stored in <c>hyper-parameters.json</c> of the data directory.</summary>
/// <remarks>What is stored stands over the settings until the file is deleted.</remarks>
public sealed class StoredBoosting
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "hyper-parameters.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly BoostingSettings _settings;
    private readonly Dictionary<string, BoostingSettings> _stored;

    /// <summary>The settings alone.</summary>
    public StoredBoosting(BoostingSettings settings) => (_settings, _stored) = (settings, []);

    private StoredBoosting(BoostingSettings settings, Dictionary<string, BoostingSettings> stored) => (_settings, _stored) = (settings, stored);

    /// <summary>What is stored in a data directory over <paramref name="settings"/>.</summary>
    /// <exception cref="SettingsException">The file does not read, or a value is outside of its range.</exception>
    public static StoredBoosting Over(BoostingSettings settings, string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path)) return new StoredBoosting(settings);
        try
        {
            Dictionary<string, BoostingSettings> stored = JsonSerializer.Deserialize<Dictionary<string, BoostingSettings>>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is empty");
            foreach (BoostingSettings shape in stored.Values) Validator.ValidateObject(shape, new ValidationContext(shape), validateAllProperties: true);
            return new StoredBoosting(settings, stored);
        }
        catch (Exception e) when (e is JsonException or ValidationException)
        {
            throw new SettingsException([new(FileName, $"'{path}' does not read: {e.Message} Delete it to go back to the settings.")]);
        }
    }

    /// <summary>The shape for one kind.</summary>
    public BoostingSettings Of(OpportunityKind kind) => _stored.GetValueOrDefault(kind.Code(), _settings);

    /// <summary>The same with another shape for one kind, stored: written beside its place, then moved.</summary>
    public StoredBoosting With(OpportunityKind kind, BoostingSettings found, string dataDirectory)
    {
        var stored = new Dictionary<string, BoostingSettings>(_stored) { [kind.Code()] = found };
        string path = Path.Combine(dataDirectory, FileName), partial = path + ".partial";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(stored, Json));
        File.Move(partial, path, overwrite: true);
        return new StoredBoosting(_settings, stored);
    }
}
