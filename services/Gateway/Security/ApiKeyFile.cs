using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace QuadTurbo.Gateway.Security;

/// <summary>One API key as it is kept: its hash, never the key.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Sha256">SHA-256 of the key, lower-case hex; a key has 256 random bits, so a plain hash does.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record ApiKey(string Name, string Sha256, DateTime CreatedAt);

/// <summary>The API keys of a data directory: <c>api-keys.json</c>, readable by its owner alone.</summary>
public sealed class ApiKeyFile(string dataDirectory)
{
    private const int KeyBytes = 32, LongestName = 64;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Where they are.</summary>
    public string Path { get; } = System.IO.Path.Combine(dataDirectory, "api-keys.json");

    /// <summary>The keys, in the order in which they were made; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file does not read.</exception>
    public IReadOnlyList<ApiKey> Read()
    {
        try
        {
            using FileStream file = File.OpenRead(Path);
            ApiKey[] keys = JsonSerializer.Deserialize<ApiKey[]>(file, Json) ?? [];
            return keys.All(k => k is { Name: not null, Sha256.Length: 2 * SHA256.HashSizeInBytes } && k.Sha256.All(char.IsAsciiHexDigit))
                ? keys
                : throw new InvalidDataException($"'{Path}' holds a key without a name or a hash: restore it, or delete it and make the keys again");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{Path}' does not read ({e.Message}): restore it, or delete it and make the keys again", e);
        }
    }

    /// <summary>Makes a key and keeps its hash.</summary>
    /// <returns>The key; this is the only time that it is known.</returns>
    /// <exception cref="ArgumentException">The name is taken, empty, too long, or has characters other than letters, digits, '.', '-' and '_'.</exception>
    public string Create(string name, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new ArgumentException($"name '{name}' must be 1 to {LongestName} letters, digits, '.', '-' or '_'", nameof(name));
        IReadOnlyList<ApiKey> keys = Read();
        if (keys.Any(k => k.Name == name)) throw new ArgumentException($"a key '{name}' is there already; revoke it first, or choose another name", nameof(name));
        string key = "qt_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        Write([.. keys, new ApiKey(name, Convert.ToHexStringLower(HashOf(key)), clock.GetUtcNow().UtcDateTime)]);
        return key;
    }

    /// <summary>Forgets the key of that name; false when there is none.</summary>
    public bool Revoke(string name)
    {
        IReadOnlyList<ApiKey> keys = Read();
        if (keys.All(k => k.Name != name)) return false;
        Write([.. keys.Where(k => k.Name != name)]);
        return true;
    }

    /// <summary>What is kept of a key.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private void Write(ApiKey[] keys)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        string partial = Path + ".tmp";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(partial, options))
        {
            JsonSerializer.Serialize(file, keys, Json);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, Path, overwrite: true);
    }
}
