using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>A type that goes over the wire as another one.</summary>
internal abstract class WireSurrogate<T, TSurrogate> : JsonConverter<T>
    where TSurrogate : class
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, WireJson.Of<TSurrogate>()) is { } read ? From(read) : throw new JsonException("must not be null");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, To(value), WireJson.Of<TSurrogate>());

    protected abstract T From(TSurrogate read);

    protected abstract TSurrogate To(T value);
}

/// <summary>A batch of requests: the pooled buffers as arrays.</summary>
internal sealed class WirePredictions : WireSurrogate<PredictionBatch, PredictionQuestion>
{
    protected override PredictionBatch From(PredictionQuestion read)
    {
        for (int i = 0; i < read.Inputs.Length; i++) Check(read.Inputs[i], i, read.Body.Length);
        var batch = new PredictionBatch(read.Inputs.Length) { Body = read.Body, Threshold = read.Threshold, UseGpu = read.UseGpu };
        foreach (ref readonly PredictionInput input in read.Inputs.AsSpan()) batch.Add() = input;
        return batch;
    }

    protected override PredictionQuestion To(PredictionBatch value) => new(value.Threshold, value.UseGpu, value.Body, value.Inputs.ToArray());

    // A route id is read with the quotes around it.
    private static void Check(in PredictionInput input, int index, int bodyLength)
    {
        if (input.RouteIdLength < 0 || input.RouteIdStart < 1 || (long)input.RouteIdStart + input.RouteIdLength >= bodyLength)
            throw new JsonException($"route_id_start and route_id_length of input {index} lead out of the body");
    }
}

/// <summary>What a route's tokens tell, as two answers.</summary>
internal sealed class WireShape : JsonConverter<RouteShape>
{
    private static readonly (RouteShape Shape, string Name)[] Names =
    [
        (RouteShape.Open, "open"),
        (RouteShape.Closed, "closed"),
        (RouteShape.FromDollars, "from_dollars"),
        (RouteShape.Closed | RouteShape.FromDollars, "closed_from_dollars"),
    ];

    public override RouteShape Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            foreach ((RouteShape shape, string name) in Names)
                if (reader.ValueTextEquals(name)) return shape;
        throw new JsonException($"must be one of {string.Join(", ", Names.Select(static n => n.Name))}");
    }

    public override void Write(Utf8JsonWriter writer, RouteShape value, JsonSerializerOptions options) =>
        writer.WriteStringValue((int)value < Names.Length
            ? Names[(int)value].Name
            : throw new JsonException($"{value} is not a value of {nameof(RouteShape)}"));
}

/// <summary>How the ledger's writer does.</summary>
internal sealed class WireWriterView : WireSurrogate<WriterView, WriterState>
{
    protected override WriterView From(WriterState read) => new()
    {
        LedgerPendingBytes = read.LedgerPendingBytes,
        ProjectionLagRecords = read.ProjectionLagRecords,
        Errors = read.Errors,
        Integrity = read.Integrity,
    };

    protected override WriterState To(WriterView value) => new(value.LedgerPendingBytes, value.ProjectionLagRecords, value.Errors, value.Integrity);
}

/// <summary>How two models' scores differ.</summary>
internal sealed class WireDifference : WireSurrogate<(long Rows, double Mean, double MeanAbsolute), DifferenceEntry>
{
    protected override (long Rows, double Mean, double MeanAbsolute) From(DifferenceEntry read) => (read.Rows, read.Mean, read.MeanAbsolute);

    protected override DifferenceEntry To((long Rows, double Mean, double MeanAbsolute) value) => new(value.Rows, value.Mean, value.MeanAbsolute);
}

/// <summary>Quantiles of a latency.</summary>
internal sealed class WireLatency : WireSurrogate<(double P50, double P95, double P99), LatencyEntry>
{
    protected override (double P50, double P95, double P99) From(LatencyEntry read) => (read.P50, read.P95, read.P99);

    protected override LatencyEntry To((double P50, double P95, double P99) value) => new(value.P50, value.P95, value.P99);
}
