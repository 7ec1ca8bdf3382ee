using System.Buffers;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>The bytes of every version as files, <c>artefacts/HEX.json</c> under the registry's folder, named by their own SHA-256.</summary>
/// <remarks>A file is whole or not there. What is read is hashed every time: bytes that are not what the name says never leave [REG-06].</remarks>
/// <param name="folder">The registry's folder.</param>
/// <param name="mostBytes">Largest artefact that is taken or read [bytes].</param>
public sealed class ArtefactStore(string folder, long mostBytes = ArtefactStore.DefaultMostBytes)
{
    /// <summary>Largest artefact unless said otherwise: some ten times what a version should weigh [REG-13].</summary>
    public const long DefaultMostBytes = 128L << 20;

    private const string Prefix = "sha256:";
    private const int HexDigits = 64;
    private static readonly SearchValues<char> HexDigit = SearchValues.Create("0123456789abcdef");

    /// <summary>Largest artefact that is taken or read [bytes].</summary>
    public long MostBytes { get; } = mostBytes;

    /// <summary>Where an artefact lies, relative to the registry's folder.</summary>
    /// <exception cref="RegistryRefusedException">The identity is not <c>sha256:</c> and 64 lower-case hex digits.</exception>
    public static string RelativePath(string id)
    {
        if (!IsId(id)) throw new RegistryRefusedException(Refusal.Invalid, $"'{id}' is not sha256: and {HexDigits} lower-case hex digits");
        return $"artefacts/{id[Prefix.Length..]}.json";
    }

    /// <summary>Whether a text is an identity: <c>sha256:</c> and 64 lower-case hex digits.</summary>
    public static bool IsId(string id) =>
        id is { Length: 71 } && id.StartsWith(Prefix, StringComparison.Ordinal) && !id.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigit);

    /// <summary>Stores bytes; afterwards they are on disk under their identity. Bytes that are there already stay, bad ones are replaced.</summary>
    /// <returns>Their identity.</returns>
    /// <exception cref="RegistryRefusedException">They are too many, or none, or the disk does not take them.</exception>
    public string Put(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) throw new RegistryRefusedException(Refusal.Invalid, "an artefact of no bytes");
        if (bytes.Length > MostBytes) throw DurableFile.TooLong("an artefact", bytes.Length, MostBytes);
        string id = ModelPackage.IdOf(bytes.Span), path = PathOf(id);
        try
        {
            if (File.Exists(path) && DurableFile.LengthOf(path) == bytes.Length && bytes.Span.SequenceEqual(File.ReadAllBytes(path))) return id;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.Replace(path, bytes.Span);
            return id;
        }
        catch (Exception e) when (DurableFile.Refuses(e))
        {
            throw new RegistryRefusedException(Refusal.NotKept, $"the artefact cannot be written ({DurableFile.Why(e)}); nothing has changed", cause: e);
        }
    }

    /// <summary>Whether there is a file for that identity; its bytes are not looked at.</summary>
    public bool Contains(string id) => File.Exists(PathOf(id));

    /// <summary>The bytes of an identity, hashed anew.</summary>
    /// <exception cref="RegistryRefusedException">They hash to something else, are gone, cannot be read or are too many; the message names the file and
    /// both hashes.</exception>
    public byte[] Load(string id)
    {
        string name = RelativePath(id), path = Path.Combine(folder, name);
        if (!File.Exists(path)) throw Damaged($"{name} is missing");
        byte[] bytes;
        try
        {
            bytes = DurableFile.Read(path, MostBytes, name);
        }
        catch (Exception e) when (DurableFile.Refuses(e))
        {
            throw Damaged($"{name} cannot be read", e);
        }
        string found = ModelPackage.IdOf(bytes);
        return found == id ? bytes : throw Damaged($"{name} is altered: its hash is {found}, expected {id}");
    }

    /// <summary>The package of an identity, hashed anew and read.</summary>
    /// <exception cref="RegistryRefusedException">As for <see cref="Load"/>, or the bytes are no package of this build.</exception>
    public ModelPackage LoadPackage(string id)
    {
        byte[] bytes = Load(id);
        try
        {
            return ModelPackage.Load(bytes, id);
        }
        catch (ModelRefusedException e)
        {
            throw Damaged($"{RelativePath(id)} does not serve here: {e.Message}", e);
        }
    }

    private static RegistryRefusedException Damaged(string what, Exception? cause = null) => new(Refusal.Damaged, $"artefact damaged: {what}", cause: cause);

    private string PathOf(string id) => Path.Combine(folder, RelativePath(id));
}
