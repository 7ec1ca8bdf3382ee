using QuadTurbo.Hosting.Listening;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Desk;

/// <summary>The one folder that files are taken from for whoever asks over HTTP; what lies elsewhere on this machine is nobody's business.</summary>
/// <param name="folder">Where it is; need not be there.</param>
internal sealed class ImportFolder(string folder)
{
    private const string Field = "model_path";

    /// <summary>Where it is.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(folder);

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">Absolute, or relative to the folder.</param>
    /// <param name="anywhere">Whether it may lie outside the folder: for people at this machine.</param>
    /// <param name="most">Most bytes.</param>
    /// <exception cref="RegistryRefusedException">It lies outside, leads through a link, is not there, is no file, cannot be read, is empty or too
    /// large.</exception>
    public byte[] Read(string path, bool anywhere, long most)
    {
        CheckNames(path, Field);
        string file = anywhere ? System.IO.Path.GetFullPath(path, Environment.CurrentDirectory) : Inside(path, Field), shown = Echo.Of(path);
        try
        {
            return DurableFile.ReadSome(file, most, shown);
        }
        catch (RegistryRefusedException e) when (e.Field is null)
        {
            string where = anywhere || e.Reason != Refusal.NotFound ? "" : " below the import folder (registry.importFolder)";
            throw new RegistryRefusedException(e.Reason, $"model_path: {e.Message}{where}", Field);
        }
        catch (Exception e) when (DurableFile.Refuses(e))
        {
            // Who asks over HTTP does not learn where the folder lies.
            throw new RegistryRefusedException(Refusal.Invalid, $"model_path: '{shown}' cannot be read{(anywhere ? $": {e.Message}" : "")}", Field);
        }
    }

    /// <summary>Where a file of the folder lies.</summary>
    /// <param name="path">Absolute, or relative to the folder.</param>
    /// <param name="field">Field of the request that it is from.</param>
    /// <exception cref="RegistryRefusedException">It lies outside, or leads through a link.</exception>
    public string Inside(string path, string field)
    {
        CheckNames(path, field);
        string file = System.IO.Path.GetFullPath(path, Path), below = System.IO.Path.GetRelativePath(Path, file);
        string[] steps = below.Split(System.IO.Path.DirectorySeparatorChar);
        if (System.IO.Path.IsPathRooted(below) || steps[0] is ".." or ".")
            throw new RegistryRefusedException(Refusal.Invalid, $"{field} '{Echo.Of(path)}' is not below the import folder (registry.importFolder)", field);
        string part = Path;
        foreach (string step in steps)
        {
            part = System.IO.Path.Combine(part, step);
            if (new FileInfo(part).LinkTarget is not null)
                throw new RegistryRefusedException(Refusal.Invalid, $"{field} '{Echo.Of(path)}' leads through a link, which may lead out of the import folder", field);
        }
        return file;
    }

    private static void CheckNames(string path, string field)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new RegistryRefusedException(Refusal.Invalid, $"{field} names no file", field);
    }
}
