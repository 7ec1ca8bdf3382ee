namespace QuadTurbo.Learning.Numerics;

/// <summary>The frame of what a learner or its evidence saves: a magic number, then its own fields, little-endian, and nothing after them.</summary>
public static class SavedState
{
    /// <summary>The magic number and what <paramref name="fields"/> writes.</summary>
    public static byte[] Write(uint magic, Action<BinaryWriter> fields)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(magic);
        fields(writer);
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>What <paramref name="fields"/> reads of bytes that <see cref="Write"/> framed; <paramref name="what"/> names it in errors.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, are cut short, go on too long, or hold what no state
    /// could.</exception>
    public static T Read<T>(uint magic, ReadOnlySpan<byte> saved, string what, Func<BinaryReader, T> fields)
    {
        using var memory = new MemoryStream(saved.ToArray(), writable: false);
        using var reader = new BinaryReader(memory);
        try
        {
            uint found = reader.ReadUInt32();
            if (found != magic) throw new InvalidDataException($"not a {what}: it begins with {found:x8}");
            T read = fields(reader);
            return memory.Position == memory.Length
                ? read
                : throw new InvalidDataException($"{memory.Length - memory.Position} bytes too many after a {what}");
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            throw new InvalidDataException($"not a {what}: {e.Message}", e);
        }
    }

    /// <summary>The same for something that is read into what is there already.</summary>
    /// <exception cref="InvalidDataException">As for the other; what was read into is of no use then.</exception>
    public static void Read(uint magic, ReadOnlySpan<byte> saved, string what, Action<BinaryReader> fields) => Read(magic, saved, what, reader =>
    {
        fields(reader);
        return true;
    });
}
