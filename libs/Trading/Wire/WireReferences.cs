using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>An object that stands once in the tables of its message, as its number there.</summary>
internal abstract class WireReference<T> : JsonConverter<T>
    where T : class
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int number))
            throw new JsonException("must be the number of an entry of the message's tables");
        return Table(WireScope.Current).Read(number);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Table(WireScope.Current).NumberOf(value));

    protected abstract WireTable<T> Table(WireScope scope);
}

/// <summary>An instrument by number.</summary>
internal sealed class InstrumentReference : WireReference<Instrument>
{
    protected override WireTable<Instrument> Table(WireScope scope) => scope.Instruments;
}

/// <summary>A policy by number.</summary>
internal sealed class PolicyReference : WireReference<GatePolicy>
{
    protected override WireTable<GatePolicy> Table(WireScope scope) => scope.Policies;
}

/// <summary>A model's names by number.</summary>
internal sealed class ModelReference : WireReference<ModelRef>
{
    protected override WireTable<ModelRef> Table(WireScope scope) => scope.Models;
}

/// <summary>Who scored, by number.</summary>
internal sealed class ScorerReference : WireReference<ScorerNames>
{
    protected override WireTable<ScorerNames> Table(WireScope scope) => scope.Scorers;
}

/// <summary>The decision of an outcome, by number: the two outcomes of a twin share one.</summary>
internal sealed class DecisionReference : WireReference<Decision>
{
    protected override WireTable<Decision> Table(WireScope scope) => scope.Decisions;
}

/// <summary>Gate results, each as [state, measured, limit] or [state, measured, limit, reason]; what follows is ignored.</summary>
internal sealed class WireGates : JsonConverter<ReadOnlyMemory<GateResult>>
{
    private static readonly WireName<GateState> States = new();

    public override ReadOnlyMemory<GateResult> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("gates must be an array");
        Span<GateResult> gates = new GateResult[GatePolicy.MostGates];
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == GatePolicy.MostGates) throw new JsonException($"more than {GatePolicy.MostGates} gates");
            gates[count] = Gate(ref reader, count, options);
            count++;
        }
        return gates[..count].ToArray();
    }

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<GateResult> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (ref readonly GateResult gate in value.Span)
        {
            writer.WriteStartArray();
            States.Write(writer, gate.State, options);
            WireDouble.Write(writer, gate.Measured);
            WireDouble.Write(writer, gate.Limit);
            if (gate.Reason is { } reason) writer.WriteStringValue(reason);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static GateResult Gate(ref Utf8JsonReader reader, int index, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException($"gate {index} must be an array");
        Next(ref reader, index, "state");
        GateState state = States.Read(ref reader, typeof(GateState), options);
        Next(ref reader, index, "measured");
        double measured = WireDouble.Read(ref reader);
        Next(ref reader, index, "limit");
        double limit = WireDouble.Read(ref reader);
        string? reason = null;
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            if (i == 0 && reader.TokenType == JsonTokenType.String) reason = reader.GetString();
            else reader.Skip();
        return new GateResult(state, measured, limit, reason);
    }

    private static void Next(ref Utf8JsonReader reader, int index, string field)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray) throw new JsonException($"{field} of gate {index} is missing");
    }
}
