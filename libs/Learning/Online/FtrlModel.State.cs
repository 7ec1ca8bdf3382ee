namespace QuadTurbo.Learning.Online;

public sealed partial class FtrlModel
{
    // "QFTR" and the version of the layout.
    private const uint Magic = 0x52544651;
    private const int Layout = 1;

    /// <summary>Everything it knows; a model restored from it continues bit for bit.</summary>
    public byte[] Save()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(Magic);
        writer.Write(Layout);
        writer.Write(_columns.Length);
        WriteOptions(writer);
        writer.Write(Samples);
        writer.Write(_intercept.Value);
        writer.Write(_intercept.Curvature);
        for (int f = 0; f < _columns.Length; f++) WriteFeature(writer, f);
        if (_first is not null)
            foreach (float value in _first) writer.Write(value);
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>The model that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a saved model, or are cut short or too long.</exception>
    public static FtrlModel Restore(ReadOnlySpan<byte> saved)
    {
        using var memory = new MemoryStream(saved.ToArray(), writable: false);
        using var reader = new BinaryReader(memory);
        try
        {
            FtrlModel model = Read(reader, saved.Length);
            return memory.Position == memory.Length
                ? model
                : throw new InvalidDataException($"{memory.Length - memory.Position} bytes too many after the saved model");
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            throw new InvalidDataException($"not a saved model of layout {Layout}: {e.Message}", e);
        }
    }

    private static FtrlModel Read(BinaryReader reader, int length)
    {
        uint magic = reader.ReadUInt32();
        int layout = reader.ReadInt32();
        if (magic != Magic || layout != Layout) throw new InvalidDataException($"not a saved model of layout {Layout}: {magic:x8}, {layout}");
        int features = reader.ReadInt32();
        // A damaged count must not reserve memory that the bytes cannot fill.
        if (features > length) throw new InvalidDataException($"{features} features in {length} bytes");
        FtrlOptions options = ReadOptions(reader);
        var model = new FtrlModel(features, options)
        {
            Samples = reader.ReadInt64(),
            _intercept = new Intercept { Value = reader.ReadDouble(), Curvature = reader.ReadDouble() },
        };
        for (int f = 0; f < features; f++) model.ReadFeature(reader, f);
        if (model.Samples >= options.CutSamples) model._first = null;
        for (int i = 0; i < model._first?.Length; i++) model._first[i] = reader.ReadSingle();
        return model;
    }

    private void WriteFeature(BinaryWriter writer, int f)
    {
        writer.Write(_moments[f].Count);
        writer.Write(_moments[f].Mean);
        writer.Write(_moments[f].Variance);
        ref readonly BinnedColumn column = ref _columns[f];
        float[] cuts = column.Cuts;
        writer.Write(cuts.Length);
        foreach (float cut in cuts) writer.Write(cut);
        WriteWeight(writer, column.RawWeight, _raw[f]);
        for (int b = 0; b < BinnedLogistic.Bins; b++) WriteWeight(writer, column.BinWeights[b], _bins[f * BinnedLogistic.Bins + b]);
    }

    private void ReadFeature(BinaryReader reader, int f)
    {
        ref RunningMoments moments = ref _moments[f];
        moments = new RunningMoments { Count = reader.ReadInt32(), Mean = reader.ReadDouble(), Variance = reader.ReadDouble() };
        ref BinnedColumn column = ref _columns[f];
        column.Mean = moments.Mean;
        column.InverseDeviation = moments.InverseDeviation;
        var cuts = new float[Math.Clamp(reader.ReadInt32(), 0, BinnedLogistic.MostCuts + 1)];
        for (int i = 0; i < cuts.Length; i++) cuts[i] = reader.ReadSingle();
        column.SetCuts(cuts);
        (column.RawWeight, _raw[f]) = ReadWeight(reader);
        for (int b = 0; b < BinnedLogistic.Bins; b++)
            (column.BinWeights[b], _bins[f * BinnedLogistic.Bins + b]) = ReadWeight(reader);
    }

    private void WriteOptions(BinaryWriter writer)
    {
        writer.Write(_options.Alpha);
        writer.Write(_options.Beta);
        writer.Write(_options.L1);
        writer.Write(_options.L2);
        writer.Write(_options.PriorSamples);
        writer.Write(_options.CutSamples);
        writer.Write(_options.Horizon);
    }

    private static FtrlOptions ReadOptions(BinaryReader reader) => new()
    {
        Alpha = reader.ReadDouble(),
        Beta = reader.ReadDouble(),
        L1 = reader.ReadDouble(),
        L2 = reader.ReadDouble(),
        PriorSamples = reader.ReadDouble(),
        CutSamples = reader.ReadInt32(),
        Horizon = reader.ReadInt32(),
    };

    private static void WriteWeight(BinaryWriter writer, double value, in FtrlWeight weight)
    {
        writer.Write(value);
        writer.Write(weight.Z);
        writer.Write(weight.N);
    }

    private static (double Value, FtrlWeight Weight) ReadWeight(BinaryReader reader)
    {
        double value = reader.ReadDouble(), z = reader.ReadDouble(), n = reader.ReadDouble();
        return (value, new FtrlWeight { Z = z, N = n, Root = Math.Sqrt(n) });
    }
}
