using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>A file that is either as it was or as it shall be, whenever the power goes.</summary>
/// <remarks>
/// Written beside its place, flushed, moved. The move itself reaches the disk with the next flush on the same journal: the line of history
/// that names an artefact is flushed after it.
/// </remarks>
internal static class DurableFile
{
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        string partial = path + ".partial";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>The whole of a file that is at most <paramref name="most"/> bytes long.</summary>
    /// <exception cref="RegistryRefusedException">It is not there, or is longer.</exception>
    public static byte[] Read(string path, long most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > most) throw TooLong(path, file.Length, most);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RegistryRefusedException(Refusal.NotFound, $"there is no file '{path}'");
        }
    }

    public static RegistryRefusedException TooLong(string what, long length, long most) =>
        new(Refusal.Invalid, $"{what} is {length} bytes long, at most {most}");
}
