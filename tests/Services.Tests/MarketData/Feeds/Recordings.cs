using System.IO.Compression;
using System.Text;
using Xunit.Abstractions;

namespace QuadTurbo.Services.Tests.MarketData.Feeds;

/// <summary>Recordings on disk: the shared ones where they are, and made-up ones in a folder of their own.</summary>
internal sealed class Recordings : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recordings");

    public string Folder => _folder.FullName;

    /// <summary>The shared recording of that name; null, with a message, where it is not.</summary>
    public static string? Shared(string name, ITestOutputHelper output)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) folder = folder.Parent;
        string? path = folder?.Parent is { } above ? Path.Combine(above.FullName, "shared", "data", name) : null;
        if (Directory.Exists(path)) return path;
        output.WriteLine($"skipped: the recording {name} is not beside this repository");
        return null;
    }

    public string Add(string name, params IEnumerable<string> lines) => AddText(name, string.Join('\n', lines) + "\n");

    public string AddText(string name, string text) => AddBytes(name, Encoding.UTF8.GetBytes(text));

    public string AddBytes(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static byte[] Zipped(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
