using System.Runtime.InteropServices;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>Samples as bytes, little-endian: how they survive a restart, and what the data hash of a model is taken of.</summary>
public static class SampleBytes
{
    private const uint Magic = 0x31535451; // "QTS1"
    private const int RowBytes = 16 + 3 + 5 * 8 + FeatureSchema.Count * sizeof(float);

    /// <summary>All of them: a header and one row of fixed size each.</summary>
    public static byte[] Write(IReadOnlyCollection<Sample> samples)
    {
        using var memory = new MemoryStream(16 + samples.Count * 208);
        using var writer = new BinaryWriter(memory);
        writer.Write(Magic);
        writer.Write(FeatureSchema.Count);
        writer.Write(samples.Count);
        foreach (Sample sample in samples) Write(writer, sample);
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>The samples that <see cref="Write(IReadOnlyCollection{Sample})"/> wrote; none of empty bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no samples, are of another schema, or are cut short.</exception>
    public static IReadOnlyList<Sample> Read(byte[] bytes)
    {
        if (bytes.Length == 0) return [];
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        try
        {
            if (reader.ReadUInt32() != Magic) throw new InvalidDataException("not saved samples");
            if (reader.ReadInt32() is var width && width != FeatureSchema.Count)
                throw new InvalidDataException($"saved samples have {width} features, schema {FeatureSchema.Version} has {FeatureSchema.Count}");
            int count = reader.ReadInt32();
            if (count < 0 || (long)count * RowBytes > bytes.Length) throw new InvalidDataException($"saved samples are cut short: {bytes.Length} bytes for {count} of them");
            var samples = new Sample[count];
            for (int i = 0; i < samples.Length; i++) samples[i] = Read(reader);
            return samples;
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"saved samples do not read: {e.Message}", e);
        }
    }

    private static void Write(BinaryWriter writer, Sample sample)
    {
        writer.Write(sample.Id.High);
        writer.Write(sample.Id.Low);
        writer.Write((byte)sample.Kind);
        writer.Write((byte)sample.Lane);
        writer.Write(sample.Won);
        writer.Write(sample.DecidedAt.Ticks);
        writer.Write(sample.KnownAt.Ticks);
        writer.Write(sample.Score);
        writer.Write(sample.NetBps);
        writer.Write(sample.SlippageBps);
        writer.Write(MemoryMarshal.AsBytes(sample.ReadFeatures()));
    }

    private static Sample Read(BinaryReader reader)
    {
        var id = new OpportunityId(reader.ReadUInt64(), reader.ReadUInt64());
        var (kind, lane, won) = ((OpportunityKind)reader.ReadByte(), (Lane)reader.ReadByte(), reader.ReadBoolean());
        var (decidedAt, knownAt) = (new DateTime(reader.ReadInt64(), DateTimeKind.Utc), new DateTime(reader.ReadInt64(), DateTimeKind.Utc));
        var (score, netBps, slippageBps) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        FeatureVector features = default;
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes((Span<float>)features));
        return new Sample
        {
            Id = id,
            Kind = kind,
            DecidedAt = decidedAt,
            KnownAt = knownAt,
            Features = features,
            Score = score,
            NetBps = netBps,
            Won = won,
            SlippageBps = slippageBps,
            Lane = lane,
        };
    }
}
