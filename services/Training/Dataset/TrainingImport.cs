using System.Text.Json;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>Reads the samples that <see cref="TrainingExport"/> wrote.</summary>
public static class TrainingImport
{
    // Of net_bps, in bps: what is won by less may be written as 0.
    private const double Rounding = 1e-6;

    /// <summary>The samples in the order of the lines.</summary>
    /// <param name="lines">One JSON object each; empty lines are passed over.</param>
    /// <exception cref="InvalidDataException">A line does not read, is of another feature schema, lacks a field, or names an opportunity again; the message has its number.</exception>
    public static IReadOnlyList<Sample> Read(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var samples = new List<Sample>();
        var seen = new Dictionary<OpportunityId, int>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            Sample sample = Read(line, number);
            if (!seen.TryAdd(sample.Id, number)) throw new InvalidDataException($"line {number}: id {sample.Id} is also on line {seen[sample.Id]}");
            samples.Add(sample);
        }
        return samples;
    }

    private static Sample Read(string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            string schema = Text(row, "schema");
            if (schema != FeatureSchema.Hash) throw new InvalidDataException($"line {number}: feature schema {schema}; this version reads {FeatureSchema.Hash}");
            double net = Finite(row, "net_bps");
            int label = Field(row, "label").GetInt32();
            if (label is not (0 or 1)) throw new FormatException("'label' is neither 0 nor 1");
            if (Math.Abs(net) > Rounding && label == 1 != net > 0) throw new FormatException($"'label' is {label} and 'net_bps' is {net}: they contradict each other");
            return new Sample
            {
                Id = OpportunityId.TryParse(Text(row, "id"), out OpportunityId id) ? id : throw new FormatException($"'id' is '{Text(row, "id")}'; it is 32 hex digits"),
                Kind = Text(row, "kind") switch
                {
                    "cross_venue" => OpportunityKind.CrossVenue,
                    "directional" => OpportunityKind.Directional,
                    string other => throw new FormatException($"'kind' is '{other}'; it is cross_venue or directional"),
                },
                DecidedAt = Field(row, "ts").GetDateTime().ToUniversalTime(),
                KnownAt = Field(row, "known_at").GetDateTime().ToUniversalTime(),
                Features = Features(Field(row, "features")),
                Score = Field(row, "score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : double.NaN,
                NetBps = net,
                Won = label == 1,
                SlippageBps = Finite(row, "slippage_bps"),
                Lane = Text(row, "lane") == "production" ? Lane.Production : Lane.ShadowSim,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"line {number}: {e.Message}", e);
        }
    }

    private static FeatureVector Features(JsonElement named)
    {
        FeatureVector features = FeatureVector.Unknown;
        for (int f = 0; f < FeatureSchema.Count; f++)
        {
            JsonElement value = Field(named, FeatureSchema.Columns[f].Name);
            if (value.ValueKind != JsonValueKind.Null) features[f] = value.GetSingle();
        }
        return features;
    }

    private static JsonElement Field(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? value : throw new FormatException($"lacks '{name}'");

    private static string Text(JsonElement row, string name) => Field(row, name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static double Finite(JsonElement row, string name) =>
        Field(row, name).GetDouble() is var value && double.IsFinite(value) ? value : throw new FormatException($"'{name}' is not finite");
}
