namespace QuadTurbo.Registry.Experiments;

/// <summary>The frame of evidence that is saved: a magic number, then its own fields, and nothing after them.</summary>
internal static class SavedEvidence
{
    public static byte[] Write(uint magic, Action<BinaryWriter> fields)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(magic);
        fields(writer);
        writer.Flush();
        return memory.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are of something else, cut short or too long.</exception>
    public static void Read(uint magic, ReadOnlySpan<byte> saved, string what, Action<BinaryReader> fields)
    {
        using var memory = new MemoryStream(saved.ToArray(), writable: false);
        using var reader = new BinaryReader(memory);
        try
        {
            if (reader.ReadUInt32() is var found && found != magic) throw new InvalidDataException($"not saved {what}: it begins with {found:x8}");
            fields(reader);
            if (memory.Position < memory.Length)
                throw new InvalidDataException($"{memory.Length - memory.Position} bytes too many after saved {what}");
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            throw new InvalidDataException($"not saved {what}: {e.Message}", e);
        }
    }
}
