using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>A file that is either as it was or as it shall be, whenever the power goes.</summary>
/// <remarks>
/// Written beside its place, flushed, moved. The move itself reaches the disk with the next flush on the same journal: the line of history
/// that names an artefact is flushed after it.
/// </remarks>
internal static class DurableFile
{
    private const int NoSpace = 28, ReadOnly = 30, Quota = 122;

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

    /// <summary>The whole of a file that is at most <paramref name="most"/> bytes long. Only files are opened: what has no length, as a pipe, a
    /// socket or a device has none, is read as no bytes.</summary>
    /// <param name="path">Where it is; links are followed.</param>
    /// <param name="most">Most bytes.</param>
    /// <param name="name">What a refusal calls it: who asks from elsewhere does not learn where it lies.</param>
    /// <exception cref="RegistryRefusedException">It is not there, is a folder, or is longer.</exception>
    public static byte[] Read(string path, long most, string name)
    {
        if (Directory.Exists(path)) throw new RegistryRefusedException(Refusal.Invalid, $"'{name}' is a folder");
        try
        {
            // To open a pipe that nobody writes to takes for ever.
            if (LengthOf(path) == 0) return [];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > most) throw TooLong(name, file.Length, most);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RegistryRefusedException(Refusal.NotFound, $"there is no file '{name}'");
        }
    }

    /// <summary>As <see cref="Read"/>, of a file that must hold something.</summary>
    /// <exception cref="RegistryRefusedException">It is not there, is no regular file, is empty, or is longer.</exception>
    public static byte[] ReadSome(string path, long most, string name) => Read(path, most, name) is { Length: > 0 } bytes
        ? bytes
        : throw new RegistryRefusedException(Refusal.Invalid, $"'{name}' is empty, or no regular file but a pipe, a socket or a device");

    /// <summary>The length of a file, or of the one that a link leads to; 0 of a pipe, a socket or a device [bytes].</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
    }

    public static RegistryRefusedException TooLong(string what, long length, long most) =>
        new(Refusal.Invalid, $"{what} is {length} bytes long, at most {most}");

    /// <summary>Whether an exception says that the disk does not take something.</summary>
    public static bool Refuses(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Why the disk does not take something, without a path.</summary>
    public static string Why(Exception e) => e switch
    {
        UnauthorizedAccessException => "it may not be written, or a folder is in its place",
        IOException { HResult: NoSpace or Quota } => "the disk is full",
        IOException { HResult: ReadOnly } => "the disk is read-only",
        _ => "the disk does not take it",
    };
}
