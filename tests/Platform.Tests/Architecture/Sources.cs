using System.Xml.Linq;

namespace QuadTurbo.Platform.Tests.Architecture;

/// <summary>The repository as files: what the architecture tests read.</summary>
internal static class Sources
{
    private static readonly string[] Produced = ["bin", "obj", "data", "coverage"];

    /// <summary>The folder of Platform.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every project, by name.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } =
        Under("libs", "services", "tests").Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => XDocument.Load(Path.Combine(Root, f)), StringComparer.Ordinal);

    /// <summary>The C# files below <paramref name="folders"/>, relative to the root, with their lines.</summary>
    public static IEnumerable<(string File, string[] Lines)> Code(params string[] folders) =>
        Under(folders).Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => (f, File.ReadAllLines(Path.Combine(Root, f))));

    /// <summary>The names of the folders in <paramref name="folder"/> that hold a project.</summary>
    public static IReadOnlySet<string> NamesIn(string folder) =>
        Under(folder).Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The projects that <paramref name="project"/> refers to, by name.</summary>
    public static IReadOnlySet<string> ImportsOf(string project) =>
        Projects[project].Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Under(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(Produced.Contains))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no Platform.sln above {AppContext.BaseDirectory}");
    }
}
