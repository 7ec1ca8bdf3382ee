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
    /// <exception cref="RegistryRefusedException">It lies outside, leads through a link, is not there, cannot be read, is empty or too large.</exception>
    public byte[] Read(string path, bool anywhere, long most)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new RegistryRefusedException(Refusal.Invalid, "model_path names no file", Field);
        string file = System.IO.Path.GetFullPath(path, anywhere ? Environment.CurrentDirectory : Path);
        if (!anywhere) CheckInside(path, file);
        try
        {
            byte[] bytes = DurableFile.Read(file, most);
            return bytes.Length > 0 ? bytes : throw new RegistryRefusedException(Refusal.Invalid, $"model_path '{path}' is an empty file", Field);
        }
        catch (RegistryRefusedException e) when (e.Field is null)
        {
            // Who asks over HTTP does not learn where the folder lies.
            string where = anywhere ? "" : " below the import folder (registry.importFolder)";
            string what = e.Reason == Refusal.NotFound ? $"there is no file '{path}'{where}" : e.Message.Replace(file, path, StringComparison.Ordinal);
            what = $"model_path: {what}";
            throw new RegistryRefusedException(e.Reason, what, Field);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RegistryRefusedException(Refusal.Invalid, $"model_path '{path}' cannot be read{(anywhere ? $": {e.Message}" : "")}", Field);
        }
    }

    private void CheckInside(string path, string file)
    {
        string below = System.IO.Path.GetRelativePath(Path, file);
        string[] steps = below.Split(System.IO.Path.DirectorySeparatorChar);
        if (System.IO.Path.IsPathRooted(below) || steps[0] is ".." or ".")
            throw new RegistryRefusedException(Refusal.Invalid, $"model_path '{path}' is not below the import folder (registry.importFolder)", Field);
        string part = Path;
        foreach (string step in steps)
        {
            part = System.IO.Path.Combine(part, step);
            if (new FileInfo(part).LinkTarget is not null)
                throw new RegistryRefusedException(Refusal.Invalid, $"model_path '{path}' leads through a link, which may lead out of the import folder", Field);
        }
    }
}
