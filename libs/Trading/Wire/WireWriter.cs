using System.Buffers;
using System.Text.Json;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Wire;

/// <summary>Writes the envelope: what it is, the tables of what it refers to, and the value.</summary>
internal static class WireWriter
{
    public static void Write<T>(string kind, string name, T value, IBufferWriter<byte> output)
    {
        WireScope scope = WireScope.Current;
        Utf8JsonWriter json = scope.Writer;
        try
        {
            json.Reset(scope.Value);
            JsonSerializer.Serialize(json, value, WireJson.Of<T>());
            json.Reset(scope.Referenced);
            Decisions(json, scope);
            json.Reset(scope.Whole);
            Envelope(json, scope, kind, name);
            output.Write(scope.Whole.Written);
        }
        // A single field that is too long for the serializer is an argument to it.
        catch (Exception cause) when (cause is JsonException or ArgumentException)
        {
            throw new WireException(name, cause.Message, cause);
        }
        finally
        {
            json.Reset(Stream.Null);
            scope.Clear();
        }
    }

    private static void Decisions(Utf8JsonWriter json, WireScope scope)
    {
        json.WriteStartArray();
        foreach (Decision decision in scope.Decisions.Entries) JsonSerializer.Serialize(json, decision, WireJson.Of<Decision>());
        json.WriteEndArray();
        json.Flush();
    }

    private static void Envelope(Utf8JsonWriter json, WireScope scope, string kind, string name)
    {
        json.WriteStartObject();
        json.WriteNumber("format"u8, WireFormat.Version);
        json.WriteString(kind, name);
        if (scope.HasFeatures) json.WriteString("schema"u8, WireEnvelope.Schema);
        Table(json, "instruments", scope.Instruments, static i => new InstrumentEntry(i.Venue, i.Symbol, i.Market, i.Sizing.Unit, i.Sizing.ContractValue));
        Table(json, "scorers", scope.Scorers, static s => new ScorerEntry(s.Model, s.Trees, s.Onnx, s.Scope, s.Provider, s.GpuFrom));
        Table(json, "models", scope.Models, static m => new ModelEntry(m.Id, m.Label, m.Ordinal));
        Policies(json, scope.Policies);
        if (scope.Decisions.Count > 0) Raw(json, "referenced", scope.Referenced.Written);
        Raw(json, "value", scope.Value.Written);
        json.WriteEndObject();
        json.Flush();
    }

    private static void Table<T, TEntry>(Utf8JsonWriter json, string name, WireTable<T> table, Func<T, TEntry> entry)
        where T : class
    {
        if (table.Count == 0) return;
        json.WriteStartArray(name);
        foreach (T item in table.Entries) JsonSerializer.Serialize(json, entry(item), WireJson.Of<TEntry>());
        json.WriteEndArray();
    }

    private static void Policies(Utf8JsonWriter json, WireTable<GatePolicy> policies)
    {
        if (policies.Count == 0) return;
        json.WriteStartArray("policies"u8);
        foreach (GatePolicy policy in policies.Entries)
        {
            PolicyText text = PolicyText.Of(policy);
            json.WriteStartObject();
            json.WriteString("hash"u8, text.Hash);
            Raw(json, "content", text.Content);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Raw(Utf8JsonWriter json, string name, ReadOnlySpan<byte> value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value, skipInputValidation: true);
    }
}
