using System.Text.Json;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>Reads the envelope, finds what it refers to, and reads the value.</summary>
/// <remarks>
/// A text that refers to what the reader does not know yet is read twice: first with objects that are thrown away, and only when all of it can be read
/// again with objects that stay. So a text that is refused has changed nothing.
/// </remarks>
internal static class WireReader
{
    public static T Read<T>(string kind, string name, ReadOnlySpan<byte> text, WireTables tables)
    {
        WireScope scope = WireScope.Current;
        try
        {
            WireEnvelope parts = WireEnvelope.Of(kind, name, text);
            bool news = Load(parts, tables, scope, keep: false);
            T value = Value<T>(parts, scope);
            if (!news) return value;
            (value as IDisposable)?.Dispose();
            scope.Clear();
            Load(parts, tables, scope, keep: true);
            return Value<T>(parts, scope);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException or OverflowException or NotSupportedException)
        {
            throw new WireException(name, cause is JsonException { Path: { } path } && !cause.Message.Contains("Path:", StringComparison.Ordinal)
                ? $"{path}: {cause.Message}"
                : cause.Message, cause);
        }
        finally
        {
            scope.Clear();
        }
    }

    /// <summary>Whether the text has a part named <paramref name="kind"/> at its top.</summary>
    public static bool Says(string kind, ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals(kind)) return true;
                WireEnvelope.Pass(ref json);
            }
        }
        catch (JsonException)
        {
            // Whoever reads it as an answer says what is wrong with it.
        }
        return false;
    }

    private static T Value<T>(in WireEnvelope parts, WireScope scope)
    {
        if (!parts.Referenced.IsEmpty) foreach (Decision decision in Entries<Decision>(parts.Referenced)) scope.Decisions.Add(decision);
        T value = JsonSerializer.Deserialize(parts.Value, WireJson.Of<T>()) ?? throw new JsonException("value is null");
        WireJson.RefuseNulls(value);
        return scope.HasFeatures && !parts.HasSchema ? throw new JsonException("schema of the features is missing") : value;
    }

    private static T[] Entries<T>(ReadOnlySpan<byte> part)
        where T : class
    {
        T[] entries = JsonSerializer.Deserialize(part, WireJson.Of<T[]>()) ?? throw new JsonException("a table is null");
        WireJson.RefuseNulls(entries);
        return entries;
    }

    private static bool Load(in WireEnvelope parts, WireTables tables, WireScope scope, bool keep)
    {
        bool news = false;
        if (!parts.Instruments.IsEmpty) news |= Instruments(Entries<InstrumentEntry>(parts.Instruments), tables.Instruments, scope.Instruments, keep);
        if (!parts.Models.IsEmpty)
            foreach (ModelEntry entry in Entries<ModelEntry>(parts.Models)) scope.Models.Add(Model(entry, tables, keep, ref news));
        if (!parts.Scorers.IsEmpty)
            foreach (ScorerEntry entry in Entries<ScorerEntry>(parts.Scorers)) scope.Scorers.Add(Scorer(entry, tables, keep, ref news));
        if (!parts.Policies.IsEmpty) news |= Policies(parts.Policies, tables, scope.Policies, keep);
        return news;
    }

    private static bool Instruments(InstrumentEntry[] entries, InstrumentTable known, WireTable<Instrument> table, bool keep)
    {
        int news = 0;
        foreach (InstrumentEntry entry in entries)
        {
            var sizing = new Sizing(entry.Unit, entry.ContractValue);
            if (keep || known.Find(entry.Venue, entry.Symbol) is not null)
            {
                table.Add(known.Adopt(entry.Venue, entry.Symbol, entry.Market, sizing));
                continue;
            }
            if (known.All.Count + ++news > InstrumentTable.Capacity)
                throw new JsonException($"instruments: more than {InstrumentTable.Capacity} with those that are known");
            foreach (Instrument other in table.Entries)
                if (other.Venue == entry.Venue && other.Symbol == entry.Symbol) throw new JsonException($"instruments: {other} is there twice");
            table.Add(new Instrument(entry.Venue, entry.Symbol, entry.Market, -1, sizing));
        }
        return news > 0;
    }

    private static ModelRef Model(ModelEntry entry, WireTables tables, bool keep, ref bool news)
    {
        var read = new ModelRef(entry.Id, entry.Label, entry.Ordinal);
        if (keep) return tables.Keep(read);
        ModelRef? known = tables.Find(read);
        news |= known is null;
        return known ?? read;
    }

    private static ScorerNames Scorer(ScorerEntry entry, WireTables tables, bool keep, ref bool news)
    {
        var read = new ScorerNames(entry.Model, entry.Trees, entry.Onnx, entry.Scope, entry.Provider, entry.GpuFrom);
        if (keep) return tables.Keep(read);
        ScorerNames? known = tables.Find(read);
        news |= known is null;
        return known ?? read;
    }

    private static bool Policies(ReadOnlySpan<byte> part, WireTables tables, WireTable<GatePolicy> table, bool keep)
    {
        bool news = false;
        var json = new Utf8JsonReader(part);
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException("policies must be an array");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            ReadOnlySpan<byte> content = default;
            string? hash = null;
            if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("a policy must be an object");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("content"u8)) content = WireEnvelope.Part(ref json, part, content, "content");
                else if (json.ValueTextEquals("hash"u8)) hash = Hash(ref json);
                else WireEnvelope.Pass(ref json);
            }
            if (hash is null || content.IsEmpty) throw new JsonException($"{(hash is null ? "hash" : "content")} of a policy is missing");
            GatePolicy? known = tables.FindPolicy(hash);
            news |= known is null;
            table.Add(known ?? Policy(hash, content, tables, keep));
        }
        return news;
    }

    private static string Hash(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String ? json.GetString()! : throw new JsonException("hash of a policy is not a string");
    }

    private static GatePolicy Policy(string hash, ReadOnlySpan<byte> content, WireTables tables, bool keep)
    {
        PolicyContent read = JsonSerializer.Deserialize(content, WireJson.Of<PolicyContent>()) ?? throw new JsonException("content of a policy is null");
        if (read.Gates.Count > GatePolicy.MostGates) throw new JsonException($"a policy of {read.Gates.Count} gates, it may have {GatePolicy.MostGates}");
        var policy = new GatePolicy(read.Gates, read.Settings);
        if (PolicyText.HashOf(content) != hash) throw new JsonException("hash of a policy is not that of its content");
        return keep ? tables.Keep(hash, policy) : policy;
    }
}
