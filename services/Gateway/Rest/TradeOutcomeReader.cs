using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Reads the body of <c>POST /api/trade_outcome</c>; the first thing that is not in order refuses it.</summary>
internal static class TradeOutcomeReader
{
    private const int MostTextBytes = 256;
    private const double MostPnl = 1e6, MostSeconds = 31_622_400;

    // Of pnl_bps: what is won by less may be written as 0.
    private const double Rounding = 1e-6;

    private static readonly string[] Fields = ["trade_id", "model_id", "features", "outcome", "pnl_bps", "duration_sec"];
    private static readonly FrozenDictionary<string, int> Columns =
        FeatureSchema.Columns.Select((column, f) => (column.Name, f)).ToFrozenDictionary(c => c.Name, c => c.f, StringComparer.Ordinal);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = false };

    /// <summary>What the body reports, as of <paramref name="now"/>.</summary>
    /// <exception cref="RequestRefusedException">A field is missing, unknown or out of its limits, or the outcome contradicts the profit.</exception>
    public static OutcomeReported Read(ReadOnlyMemory<byte> body, DateTime now)
    {
        if (!Utf8.IsValid(body.Span)) throw new RequestRefusedException("", "not UTF-8", "UTF-8");
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return Read(document.RootElement, now);
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException("", "not JSON as it is read here", $"well-formed JSON, at most {Limits.JsonDepth} deep ({e.Message})");
        }
        catch (InvalidOperationException)
        {
            throw new RequestRefusedException("", "an escape of half a character", "whole characters");
        }
    }

    private static OutcomeReported Read(JsonElement body, DateTime now)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("", Shown(body), $"an object of {string.Join(", ", Fields)}");
        foreach (JsonProperty member in body.EnumerateObject())
            if (!Fields.Contains(member.Name)) throw new RequestRefusedException(Echo.Of(member.Name), "not a field of this request", $"one of {string.Join(", ", Fields)}");
        foreach (string field in Fields)
            if (!body.TryGetProperty(field, out _)) throw new RequestRefusedException(field, "missing", "given");
        double pnl = Number(body, "pnl_bps", -MostPnl, MostPnl, "a number from -1e6 to 1e6");
        return new OutcomeReported
        {
            TradeId = Text(body, "trade_id"),
            ModelId = Text(body, "model_id"),
            Features = Features(body.GetProperty("features")),
            Won = Outcome(body.GetProperty("outcome"), pnl),
            PnlBps = pnl,
            Duration = TimeSpan.FromSeconds(Number(body, "duration_sec", 0, MostSeconds, "a number from 0 to 31622400")),
            At = now,
        };
    }

    private static bool Outcome(JsonElement outcome, double pnl)
    {
        const string limit = "WIN or LOSS";
        bool won = outcome.ValueKind == JsonValueKind.String && outcome.GetString() is { } word
            ? word switch { "WIN" => true, "LOSS" => false, _ => throw new RequestRefusedException("outcome", Shown(outcome), limit) }
            : throw new RequestRefusedException("outcome", Shown(outcome), limit);
        if (Math.Abs(pnl) > Rounding && won != pnl > 0)
            throw new RequestRefusedException("outcome", $"{Shown(outcome)} with pnl_bps {pnl.ToString(CultureInfo.InvariantCulture)}", "WIN above 0 bps and LOSS below");
        return won;
    }

    private static FeatureVector Features(JsonElement given)
    {
        FeatureVector features = FeatureVector.Unknown;
        if (given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == FeatureSchema.Count)
        {
            for (int f = 0; f < FeatureSchema.Count; f++) features[f] = Feature(given[f], f, $"features[{f}]");
        }
        else if (given.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in given.EnumerateObject())
            {
                if (!Columns.TryGetValue(member.Name, out int f))
                    throw new RequestRefusedException($"features.{Echo.Of(member.Name)}", "not a feature", $"one of {string.Join(", ", FeatureSchema.Columns.Select(c => c.Name))}");
                features[f] = Feature(member.Value, f, $"features.{member.Name}");
            }
        }
        else
        {
            string shown = given.ValueKind == JsonValueKind.Array ? $"a list of {given.GetArrayLength()}" : Shown(given);
            throw new RequestRefusedException("features", shown, $"an object of features by name, or a list of all {FeatureSchema.Count}");
        }
        return ((ReadOnlySpan<float>)features).ContainsAnyInRange(float.NegativeInfinity, float.PositiveInfinity)
            ? features
            : throw new RequestRefusedException("features", "without any number", "at least one known feature");
    }

    private static float Feature(JsonElement value, int column, string path)
    {
        if (value.ValueKind == JsonValueKind.Null) return float.NaN;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
            throw new RequestRefusedException(path, Shown(value), "a finite number, or null where it is not known");
        return FeatureSchema.Clip(column, number);
    }

    private static double Number(JsonElement body, string field, double least, double most, string limit)
    {
        JsonElement value = body.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most
            ? number
            : throw new RequestRefusedException(field, Shown(value), limit);
    }

    private static string Text(JsonElement body, string field)
    {
        JsonElement value = body.GetProperty(field);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && Encoding.UTF8.GetByteCount(text) <= MostTextBytes
            ? text
            : throw new RequestRefusedException(field, Shown(value), $"a text of 1 to {MostTextBytes} bytes");
    }

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{Echo.Of(value.GetString()!)}'",
        _ => Echo.Of(value.GetRawText()),
    };
}
