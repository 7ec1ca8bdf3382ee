using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

/// <summary>What may come from a broker that is not a message as this version writes it.</summary>
public class WireRefusalTests
{
    private readonly WireTables _tables = new(new InstrumentTable());

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void A_text_that_is_cut_short_anywhere_is_refused_and_changes_nothing(string topic)
    {
        byte[] text = WireTexts.Write(topic);

        for (int length = 0; length < text.Length; length++)
        {
            var refused = Assert.Throws<WireException>(() => WireTexts.Read(topic, text[..length], _tables));
            Assert.StartsWith(WireTexts.NameOf(topic) + ": ", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_tables.Instruments.All);
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void A_text_with_broken_bytes_is_read_or_refused_and_nothing_else(string topic)
    {
        byte[] text = WireTexts.Write(topic);
        var random = new Random(9);
        int refused = 0;

        for (int i = 0; i < 3000; i++)
        {
            byte[] broken = [.. text];
            for (int j = random.Next(1, 4); j > 0; j--)
                broken[random.Next(broken.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "{}[]\",:0-9.en\\u"[random.Next(15)]);
            var tables = new WireTables(new InstrumentTable());
            try
            {
                WireTexts.Read(topic, broken, tables);
            }
            catch (WireException)
            {
                refused++;
                Assert.Empty(tables.Instruments.All);
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void A_field_that_is_missing_is_refused_by_its_name_unless_it_may_be_null(string topic)
    {
        byte[] text = WireTexts.Write(topic);
        foreach ((string path, string field) in Fields(JsonNode.Parse(text)!))
        {
            JsonNode without = JsonNode.Parse(text)!;
            At(without, path).AsObject().Remove(field);
            string? refusal = RefusalOf(topic, without);
            if (refusal is null) Assert.Contains(field, Optional);
            else Assert.Contains(field is "instruments" or "models" or "policies" or "referenced" ? "is not among the 0" : field, refusal, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void Null_is_refused_wherever_something_must_be_said(string topic)
    {
        byte[] text = WireTexts.Write(topic);
        foreach ((string path, string field) in Fields(JsonNode.Parse(text)!))
        {
            JsonNode nothing = JsonNode.Parse(text)!;
            JsonNode? before = At(nothing, path)[field];
            At(nothing, path)[field] = null;
            // A number may be null where it is a double, which is not known then.
            if (RefusalOf(topic, nothing) is null)
                Assert.True(Optional.Contains(field) || before is null || before.GetValueKind() == JsonValueKind.Number, $"{path}.{field}");
        }
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void Null_in_a_list_of_objects_is_refused(string topic)
    {
        byte[] text = WireTexts.Write(topic);
        foreach ((string path, string field) in Fields(JsonNode.Parse(text)!))
        {
            JsonNode holed = JsonNode.Parse(text)!;
            if (At(holed, path)[field] is not JsonArray { Count: > 0 } list || list[0] is not (JsonObject or JsonArray)) continue;
            list.Add(null);
            Assert.NotNull(RefusalOf(topic, holed));
        }
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void Fields_of_a_later_version_are_passed_over(string topic)
    {
        JsonNode later = JsonNode.Parse(WireTexts.Write(topic))!;
        foreach (JsonObject part in Objects(later))
            if ((part.Parent as JsonObject)?["treat_as"] != part) part["a_new_field"] = JsonNode.Parse("""{"x":[null,1]}""");
        foreach (JsonNode? policy in later["policies"] as JsonArray ?? []) policy!["hash"] = HashOf(policy["content"]!);

        SameBits.Assert(WireTexts.Sample(topic), WireTexts.Read(topic, Text(later), _tables), _tables.Instruments);
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void A_sidecar_may_sort_the_fields_and_escape_the_letters(string topic)
    {
        JsonNode sorted = Sorted(JsonNode.Parse(WireTexts.Write(topic))!);
        byte[] text = Encoding.UTF8.GetBytes(sorted.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

        SameBits.Assert(WireTexts.Sample(topic), WireTexts.Read(topic, text, _tables), _tables.Instruments);
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "format 2, this version reads 1")]
    [InlineData("\"format\":1", "\"format\":\"1\"", "format is not a number")]
    [InlineData("\"format\":1", "\"format\":1,\"format\":1", "format is there twice")]
    [InlineData("opportunity.validated", "opportunity.refused", "topic is another one")]
    [InlineData("\"topic\"", "\"question\"", "topic is missing")]
    [InlineData("\"value\":", "\"value\":1,\"value\":", "value is there twice")]
    [InlineData("\"value\":", "\"value\":null,\"values\":", "value is null")]
    [InlineData("\"schema\":\"", "\"schema\":\"f", "schema of the features")]
    [InlineData("\"schema\":", "\"scheme\":", "schema of the features is missing")]
    [InlineData("\"kind\":\"cross_venue\"", "\"kind\":\"sideways\"", "must be one of cross_venue, directional")]
    [InlineData("\"kind\":\"cross_venue\"", "\"kind\":0", "must be one of cross_venue, directional")]
    [InlineData("\"fee_bps\":20", "\"fee_bps\":1e999", "fee_bps")]
    [InlineData("\"fee_bps\":20", "\"fee_bps\":\"20\"", "fee_bps")]
    [InlineData("\"fee_bps\":20", "\"fee_bps\":20,\"fee_bps\":21", "fee_bps")]
    [InlineData("\"quantity\":\"0.1000\"", "\"quantity\":0.1000", "a decimal must be a string")]
    [InlineData("\"quantity\":\"0.1000\"", "\"quantity\":\"1e5\"", "not a decimal")]
    [InlineData("\"quantity\":\"0.1000\"", "\"quantity\":\"79228162514264337593543950336\"", "not a decimal")]
    [InlineData("\"quantity\":\"0.1000\"", "\"quantity\":\"0.000000000000000000000000000001\"", "not a decimal")]
    [InlineData("\"instrument\":1", "\"instrument\":2", "instrument 2 is not among the 2 of the message")]
    [InlineData("\"instrument\":1", "\"instrument\":-1", "instrument -1 is not among the 2 of the message")]
    [InlineData("\"policy\":0", "\"policy\":1", "policy 1 is not among the 1 of the message")]
    [InlineData("\"model\":0", "\"model\":9", "model 9 is not among the 1 of the message")]
    [InlineData("\"hash\":\"", "\"hash\":\"0", "hash of a policy is not that of its content")]
    [InlineData("[\"unknown\",null,0]", "[\"unknown\",null]", "limit of gate 1 is missing")]
    [InlineData(",[\"unknown\",null,0]", "", "1 results, the policy has 2 gates")]
    [InlineData("\"symbol\":\"BTCUSD-PERP\"", "\"symbol\":\"BTC-USD\"", "compared as")]
    public void A_message_that_says_something_else_is_refused_by_name(string written, string instead, string refusal)
    {
        string text = Encoding.UTF8.GetString(WireTexts.Write(nameof(Topics.OpportunityValidated)));
        Assert.Contains(written, text, StringComparison.Ordinal);
        if (refusal == "compared as") text = text.Replace("BINANCE_COINM", "KRAKEN", StringComparison.Ordinal);
        _tables.Instruments.Get("KRAKEN", "BTC-USD");

        var refused = Assert.Throws<WireException>(() =>
            WireFormat.Read(Topics.OpportunityValidated, Encoding.UTF8.GetBytes(text.Replace(written, instead, StringComparison.Ordinal)), _tables));

        Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
        Assert.Single(_tables.Instruments.All);
    }

    [Fact]
    public void An_instrument_that_is_compared_otherwise_here_is_refused()
    {
        _tables.Instruments.Get("BINANCE", "BTC-USDT");
        var there = new InstrumentTable(new Dictionary<string, string> { ["USDT"] = "USD" });
        var message = new MarketObserved
        {
            Position = 0,
            KnownAt = DateTime.UnixEpoch,
            Timing = FeedTiming.Event,
            DetectedBefore = 0,
            Quotes = [new Quote(there.Get("BINANCE", "BTC-USDT"), 1m, 2m, null, null)],
        };

        var refused = Assert.Throws<WireException>(() => WireTexts.Read(nameof(Topics.MarketObserved), WireTexts.Write(nameof(Topics.MarketObserved), message), _tables));

        Assert.Contains("BINANCE BTC-USDT is compared as BTC-USDT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_would_be_too_full_stays_as_it_is()
    {
        for (int i = 1; i < InstrumentTable.Capacity; i++) _tables.Instruments.Get("V", $"{i}");

        var refused = Assert.Throws<WireException>(() => WireTexts.Read(nameof(Topics.OpportunityDetected), WireTexts.Write(nameof(Topics.OpportunityDetected)), _tables));

        Assert.Contains($"more than {InstrumentTable.Capacity}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(InstrumentTable.Capacity - 1, _tables.Instruments.All.Count);
    }

    [Fact]
    public void A_message_that_is_too_long_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        var message = new ModelAssigned { Model = new ModelRef("", "", 0), Package = new byte[WireFormat.MostBytes], Why = "" };

        var refused = Assert.Throws<WireException>(() => WireFormat.Write(Topics.ModelAssigned, message, output));

        Assert.Contains($"longer than the {WireFormat.MostBytes} bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void A_text_that_is_too_long_is_not_read()
    {
        byte[] text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(WireTexts.Write(nameof(Topics.ModelAssigned))) + new string(' ', WireFormat.MostBytes));

        var refused = Assert.Throws<WireException>(() => WireFormat.Read(Topics.ModelAssigned, text, _tables));

        Assert.Contains($"a message may have {WireFormat.MostBytes}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void A_text_that_is_nested_without_end_is_refused(string open, string close)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));

        byte[] text = Encoding.UTF8.GetBytes("{\"format\":1,\"topic\":\"decision.committed\",\"value\":" + deep + "}");

        Assert.Throws<WireException>(() => WireFormat.Read(Topics.DecisionsCommitted, text, _tables));
    }

    [Fact]
    public void A_refusal_repeats_no_more_than_some_hundred_letters_of_the_text()
    {
        string text = "{\"format\":1,\"topic\":\"feed.reported\",\"value\":{\"treat_as\":{\"" + new string('x', 100_000) + "\":1}}}";

        var refused = Assert.Throws<WireException>(() => WireFormat.Read(Topics.FeedReported, Encoding.UTF8.GetBytes(text), _tables));

        Assert.InRange(refused.Message.Length, 1, 500);
    }

    [Fact]
    public void A_local_time_is_not_written()
    {
        AccountChanged change = new Samples(new InstrumentTable()).AccountChanged with { At = new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Local) };

        var refused = Assert.Throws<WireException>(() => WireFormat.Write(Topics.AccountChanged, change, new ArrayBufferWriter<byte>()));

        Assert.Contains("is local time", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_without_a_name_is_not_written()
    {
        Opportunity opportunity = new Samples(new InstrumentTable()).OpportunityDetected.Opportunities[0] with { Kind = (OpportunityKind)9 };
        var message = new OpportunityDetected { Position = 0, Opportunities = [opportunity] };

        var refused = Assert.Throws<WireException>(() => WireFormat.Write(Topics.OpportunityDetected, message, new ArrayBufferWriter<byte>()));

        Assert.Contains("9 is not a value of OpportunityKind", refused.Message, StringComparison.Ordinal);
    }

    private static readonly HashSet<string> Optional =
    [
        "end", "bid_size", "ask_size", "range", "volume", "sample_seconds", "from", "to", "barriers", "size", "detail", "trade", "closed_by", "recalibrates",
    ];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string? RefusalOf(string topic, JsonNode text)
    {
        try
        {
            WireTexts.Read(topic, Text(text), _tables);
            return null;
        }
        catch (WireException refused)
        {
            return refused.Message;
        }
    }

    private static byte[] Text(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static JsonNode At(JsonNode root, string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(
            root, static (node, step) => int.TryParse(step, out int index) && node is JsonArray ? node[index]! : node[step]!);

    private static string HashOf(JsonNode content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(content).ToJsonString(Relaxed))))[..32];

    // The entries of a map are no fields.
    private static IEnumerable<(string Path, string Field)> Fields(JsonNode node, string path = "") => node switch
    {
        JsonObject fields when !path.EndsWith("/treat_as", StringComparison.Ordinal) =>
            fields.Select(f => (path, f.Key)).Concat(fields.Where(static f => f.Value is not null).SelectMany(f => Fields(f.Value!, $"{path}/{f.Key}"))),
        JsonArray items => items.SelectMany((item, i) => item is null ? [] : Fields(item, $"{path}/{i}")),
        _ => [],
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Select(static f => f.Value).SelectMany(Objects).Append(fields).ToArray(),
        JsonArray items => items.SelectMany(Objects).ToArray(),
        _ => [],
    };

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject fields => new JsonObject(
            fields.OrderBy(static f => f.Key, StringComparer.Ordinal).Select(static f => KeyValuePair.Create(f.Key, f.Value is null ? null : (JsonNode?)Sorted(f.Value)))),
        JsonArray items => new JsonArray([.. items.Select(static i => i is null ? null : Sorted(i))]),
        _ => node.DeepClone(),
    };
}
