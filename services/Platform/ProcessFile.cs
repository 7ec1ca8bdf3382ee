using System.Diagnostics;
using System.Text.Json;

namespace QuadTurbo.Platform;

/// <summary>Where the process that runs on a data directory can be asked: <c>DATA_DIR/process.json</c>.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Url">Where it serves.</param>
/// <param name="StartedAt">When it started, UTC.</param>
internal sealed record ProcessFile(int Pid, string Url, DateTime StartedAt)
{
    private const string Name = "process.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>True while a process of that id lives.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(Pid);
                return !process.HasExited;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>Where this machine reaches it: the first of its addresses, "any" read as loopback.</summary>
    public Uri Address
    {
        get
        {
            string first = Url.Split(';')[0].Trim();
            foreach (string any in new[] { "//0.0.0.0", "//[::]", "//*", "//+" }) first = first.Replace(any, "//127.0.0.1", StringComparison.Ordinal);
            return new Uri(first);
        }
    }

    /// <summary>Says that this process runs on <paramref name="dataDirectory"/> and serves at <paramref name="url"/>.</summary>
    public static void Write(string dataDirectory, string url, TimeProvider clock)
    {
        string path = Path.Combine(dataDirectory, Name), partial = path + ".tmp";
        File.WriteAllText(partial, JsonSerializer.Serialize(new ProcessFile(Environment.ProcessId, url, clock.GetUtcNow().UtcDateTime), Json));
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>What the last process said; null when it stopped cleanly, or none ever ran.</summary>
    public static ProcessFile? Read(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessFile>(File.ReadAllText(Path.Combine(dataDirectory, Name)), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes back what <see cref="Write"/> said; at a clean stop.</summary>
    public static void Delete(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, Name));
}
