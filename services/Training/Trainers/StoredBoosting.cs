using System.Text.Json;

namespace QuadTurbo.Training.Trainers;

/// <summary>The shape of trees that a search found best: <c>hyper-parameters.json</c> of the data directory. It stands over the settings until it is deleted.</summary>
public static class StoredBoosting
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "hyper-parameters.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What is stored, or <paramref name="settings"/> where nothing is.</summary>
    /// <exception cref="InvalidDataException">The file does not read.</exception>
    public static BoostingSettings Over(BoostingSettings settings, string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path)) return settings;
        try
        {
            return JsonSerializer.Deserialize<BoostingSettings>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' does not read: {e.Message}; delete it to go back to the settings", e);
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
