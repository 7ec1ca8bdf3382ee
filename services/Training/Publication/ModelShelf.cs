using System.Text.Json;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Training.Publication;

/// <summary>What the shelf says of a package without opening it.</summary>
/// <param name="Model">Its names.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Kind">What sort of model it is.</param>
/// <param name="Trigger">What made it.</param>
/// <param name="KnownAt">The last instant that training had seen, UTC.</param>
/// <param name="Samples">Labelled samples behind it.</param>
/// <param name="Ready">Whether it may serve.</param>
/// <param name="Verdict">Why, or why not, in words.</param>
public sealed record ShelfEntry(ModelRef Model, ModelType Type, string Kind, string Trigger, DateTime KnownAt, long Samples, bool Ready, string Verdict);

/// <summary>The packages of full retrains as files: <c>models/HASH.json</c>, each head of trees as <c>models/HASH.PART.onnx</c>, and a line in <c>models/index.jsonl</c>.</summary>
/// <remarks>A package is written beside its place and moved, then its line is appended: a line never names a file that is not whole.</remarks>
public sealed class ModelShelf(string dataDirectory)
{
    private const string Index = "index.jsonl";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly string _folder = Path.Combine(dataDirectory, "models");
    private readonly Lock _writing = new();

    /// <summary>Where the run keeps everything.</summary>
    public string DataDirectory { get; } = dataDirectory;

    /// <summary>Every entry, oldest first; a line cut short by a crash is passed over, as its package is made again.</summary>
    public IReadOnlyList<ShelfEntry> Entries
    {
        get
        {
            string index = Path.Combine(_folder, Index);
            return File.Exists(index) ? [.. File.ReadLines(index).Select(Read).OfType<ShelfEntry>()] : [];
        }
    }

    /// <summary>The highest ordinal on it; 0 of none.</summary>
    public int LastOrdinal => Entries.Select(e => e.Model.Ordinal).DefaultIfEmpty().Max();

    /// <summary>Puts a package on the shelf; one that is there already stays as it is, and gets its line if a crash came between.</summary>
    public void Put(ModelPackage package, ShelfEntry entry)
    {
        ArgumentNullException.ThrowIfNull(package);
        lock (_writing)
        {
            Directory.CreateDirectory(_folder);
            string path = PathOf(package.Ref.Id);
            if (File.Exists(path) && Entries.Any(e => e.Model.Id == package.Ref.Id)) return;
            foreach ((string name, ModelPart part) in package.Parts)
                if (part is TreesHead trees) Write(Path.ChangeExtension(path, $"{name}.onnx"), trees.ToOnnx());
            Write(path, package.Bytes.Span);
            string index = Path.Combine(_folder, Index);
            File.AppendAllText(index, (EndsInside(index) ? "\n" : "") + JsonSerializer.Serialize(entry, Json) + "\n");
        }
    }

    /// <summary>The package of that identity, checked against it.</summary>
    /// <exception cref="ModelRefusedException">Its bytes are not what the identity says.</exception>
    /// <exception cref="FileNotFoundException">It is not on the shelf.</exception>
    public ModelPackage Load(string id) => ModelPackage.Load(File.ReadAllBytes(PathOf(id)), id);

    private string PathOf(string id) => Path.Combine(_folder, $"{id.Replace(':', '-')}.json");

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string partial = path + ".partial";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    // A crash may cut the last line short: the next one must not be written behind its rest.
    private static bool EndsInside(string file)
    {
        if (!File.Exists(file)) return false;
        using FileStream read = File.OpenRead(file);
        if (read.Length == 0) return false;
        read.Seek(-1, SeekOrigin.End);
        return read.ReadByte() != '\n';
    }

    private static ShelfEntry? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ShelfEntry>(line, Json) is { Model: { Id: not null, Label: not null }, Kind: not null, Trigger: not null, Verdict: not null } entry ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
