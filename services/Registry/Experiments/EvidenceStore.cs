using System.Security.Cryptography;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Experiments;

/// <summary>What experiment and guard have counted, as files under the registry's folder: evidence takes a day, and a restart must not cost it.</summary>
/// <remarks>
/// A file is as it was or as it shall be, begins with the SHA-256 of the rest, and is at most <see cref="MostBytes"/> long. It says itself whose evidence
/// it is; history says what runs, so a file of anything else is passed over.
/// </remarks>
/// <param name="folder">The registry's folder.</param>
public sealed class EvidenceStore(string folder)
{
    /// <summary>Largest file that is written or read [bytes].</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>Evidence of the experiment that runs.</summary>
    public const string OfExperiment = "experiment";

    /// <summary>Evidence of the version that was promoted, against the one before.</summary>
    public const string OfGuard = "guard";

    /// <summary>Afterwards the evidence is on disk, in place of what was there under that name.</summary>
    /// <exception cref="IOException">It is not; what was there is.</exception>
    /// <exception cref="RegistryRefusedException">It is too much.</exception>
    public void Keep(string name, byte[] evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Length > MostBytes - SHA256.HashSizeInBytes) throw DurableFile.TooLong($"evidence of {name}", evidence.Length, MostBytes);
        Directory.CreateDirectory(folder);
        DurableFile.Replace(PathOf(name), [.. SHA256.HashData(evidence), .. evidence]);
    }

    /// <summary>What was kept under that name; null where nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is not as it was written.</exception>
    public byte[]? Find(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path)) return null;
        byte[] bytes;
        try
        {
            bytes = DurableFile.Read(path, MostBytes, Path.GetFileName(path));
        }
        catch (RegistryRefusedException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        const int head = SHA256.HashSizeInBytes;
        return bytes.Length >= head && SHA256.HashData(bytes.AsSpan(head)).AsSpan().SequenceEqual(bytes.AsSpan(0, head))
            ? bytes[head..]
            : throw new InvalidDataException($"'{Path.GetFileName(path)}' is not as it was written");
    }

    /// <summary>Nothing is kept under that name any more.</summary>
    /// <exception cref="IOException">It still is.</exception>
    public void Forget(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(folder, $"evidence-{name}.bin");
}
