using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>POST /api/trade_outcome (REG-07).</summary>
public sealed class TradeOutcomeTests : IAsyncLifetime
{
    private const string Path = "/api/trade_outcome";
    private GatewayHost? _host;

    public static JsonObject Sample => JsonNode.Parse(
        """
        {"trade_id": "live_001", "model_id": "v1.2.0", "features": {"net_edge_bps": 14.5, "confidence": 0.8, "side": null, "fee_bps": 9000},
         "outcome": "WIN", "pnl_bps": 13.2, "duration_sec": 480}
        """)!.AsObject();

    private GatewayHost Host => _host!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task The_sample_of_the_seeds_is_told_to_training()
    {
        Assert.Equal("accepted", await StatusAsync(Sample));

        OutcomeReported told = Assert.Single(await HeardAsync());
        FeatureVector features = told.Features;
        Assert.Equal(("live_001", "v1.2.0", true, 13.2, TimeSpan.FromSeconds(480)), (told.TradeId, told.ModelId, told.Won, told.PnlBps, told.Duration));
        Assert.Equal(14.5f, features[FeatureSchema.IndexOf("net_edge_bps")]);
        Assert.Equal(500, features[FeatureSchema.IndexOf("fee_bps")]); // clipped as at detection
        Assert.Equal(3, ((ReadOnlySpan<float>)features).ToArray().Count(f => !float.IsNaN(f)));
        Assert.Equal(OpportunityKind.CrossVenue, told.Kind);
    }

    [Fact]
    public async Task Features_may_be_a_list_of_all_in_the_order_of_the_schema()
    {
        JsonObject body = Sample;
        body["features"] = new JsonArray([.. FeatureSchema.Columns.Select((c, f) => f % 2 == 0 ? JsonValue.Create(c.Name == "directional" ? 1.0 : c.High / 2) : null)]);

        Assert.Equal("accepted", await StatusAsync(body));

        OutcomeReported told = Assert.Single(await HeardAsync());
        FeatureVector features = told.Features;
        for (int f = 0; f < FeatureSchema.Count; f++) Assert.Equal(f % 2 == 1, float.IsNaN(features[f]));
        Assert.Equal(OpportunityKind.Directional, told.Kind);
    }

    [Fact]
    public async Task Where_the_ledger_cannot_write_nothing_is_taken_and_what_was_learnt_before_is_known_all_the_same()
    {
        OutcomeReported? learnt = null;
        string? whyNot = "the disk is full";
        await using GatewayHost host = await GatewayHost.StartAsync(also: builder =>
        {
            builder.Answer(Queries.Durable, (EmbeddedTransport _, DurableQuestion _, CancellationToken _) => ValueTask.FromResult(new DurableAnswer(whyNot)));
            builder.Answer(Queries.Reported, (EmbeddedTransport _, ReportedQuestion asked, CancellationToken _) =>
                ValueTask.FromResult(new ReportedAnswer(asked.Trade == learnt?.Id ? learnt.Digest : null)));
        });

        using HttpResponseMessage refused = await host.PostAsync(Path, Sample.ToJsonString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("not_kept", (string)(await GatewayHost.ProblemAsync(refused))["code"]!);
        Assert.Empty(host.Reported);

        whyNot = null;
        using HttpResponseMessage taken = await host.PostAsync(Path, Sample.ToJsonString());
        Assert.Contains("accepted", await taken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await host.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        // As after a restart: only Training knows of the trade.
        learnt = Assert.Single(host.Reported) with { TradeId = "live_009" };
        whyNot = "the disk is full";
        JsonObject body = Sample;
        body["trade_id"] = "live_009";
        using HttpResponseMessage known = await host.PostAsync(Path, body.ToJsonString());
        Assert.Contains("already_known", await known.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        body["pnl_bps"] = 9;
        using HttpResponseMessage other = await host.PostAsync(Path, body.ToJsonString());
        Assert.Equal((HttpStatusCode.Conflict, "trade_known"), (other.StatusCode, (string)(await GatewayHost.ProblemAsync(other))["code"]!));
        Assert.Single(host.Reported);
    }

    [Fact]
    public async Task The_same_again_is_known_and_told_once_however_it_is_written()
    {
        Assert.Equal("accepted", await StatusAsync(Sample));
        Assert.Equal("already_known", await StatusAsync(Sample));
        var turned = new JsonObject(Sample.Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        Assert.Equal("already_known", await StatusAsync(turned));

        Assert.Single(await HeardAsync());
    }

    [Theory]
    [InlineData("model_id", "\"v1.2.1\"")]
    [InlineData("pnl_bps", "13.3")]
    [InlineData("duration_sec", "481")]
    [InlineData("features", "{\"net_edge_bps\": 14.5}")]
    public async Task Another_body_for_a_known_trade_is_refused_and_the_first_one_stays(string field, string value)
    {
        await StatusAsync(Sample);
        JsonObject other = Sample;
        other[field] = JsonNode.Parse(value);

        using HttpResponseMessage response = await Host.PostAsync(Path, other.ToJsonString());
        JsonObject problem = await GatewayHost.ProblemAsync(response);

        Assert.Equal((HttpStatusCode.Conflict, "trade_known"), (response.StatusCode, (string?)problem["code"]));
        Assert.Contains("live_001", (string?)problem["detail"]);
        Assert.Single(await HeardAsync());
    }

    [Theory]
    [InlineData("trade_id", "\"\"", "trade_id", "''")]
    [InlineData("trade_id", "7", "trade_id", "7")]
    [InlineData("model_id", "null", "model_id", "null")]
    [InlineData("outcome", "\"win\"", "outcome", "'win'")]
    [InlineData("outcome", "true", "outcome", "true")]
    [InlineData("outcome", "\"LOSS\"", "outcome", "'LOSS' with pnl_bps 13.2")]
    [InlineData("pnl_bps", "1000001", "pnl_bps", "1000001")]
    [InlineData("pnl_bps", "\"13.2\"", "pnl_bps", "'13.2'")]
    [InlineData("pnl_bps", "1e999", "pnl_bps", "1e999")]
    [InlineData("duration_sec", "-1", "duration_sec", "-1")]
    [InlineData("duration_sec", "31622401", "duration_sec", "31622401")]
    [InlineData("features", "{}", "features", "without any number")]
    [InlineData("features", "{\"side\": null}", "features", "without any number")]
    [InlineData("features", "[1, 2]", "features", "a list of 2")]
    [InlineData("features", "5", "features", "5")]
    [InlineData("features", "{\"nett_edge\": 5}", "features.nett_edge", "not a feature")]
    [InlineData("features", "{\"side\": \"x\"}", "features.side", "'x'")]
    [InlineData("features", "{\"side\": 1e999}", "features.side", "1e999")]
    [InlineData("price", "5", "price", "not a field of this request")]
    public async Task A_field_out_of_order_refuses_the_body_and_is_named(string field, string value, string named, string shown)
    {
        JsonObject sample = Sample;
        sample.Remove(field);
        string body = $"{{\"{field}\":{value},{sample.ToJsonString()[1..]}";

        JsonObject problem = await RefusedAsync(body);

        Assert.Equal((named, shown, "invalid_field"), ((string?)problem["field"], (string?)problem["value"], (string?)problem["code"]));
        Assert.Contains((string)problem["limit"]!, (string?)problem["detail"]);
    }

    [Theory]
    [InlineData("trade_id")]
    [InlineData("model_id")]
    [InlineData("features")]
    [InlineData("outcome")]
    [InlineData("pnl_bps")]
    [InlineData("duration_sec")]
    public async Task Every_field_must_be_there_once(string field)
    {
        JsonObject without = Sample;
        without.Remove(field);
        Assert.Equal((field, "missing"), NamesOf(await RefusedAsync(without.ToJsonString())));

        string twice = Sample.ToJsonString().Insert(1, $"\"{field}\":{Sample[field]!.ToJsonString()},");
        Assert.Equal("", NamesOf(await RefusedAsync(twice)).Field);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"trade_id\":\"\\ud800\"}")]
    public async Task What_is_no_object_of_these_fields_is_refused(string body) => await RefusedAsync(body);

    [Theory]
    [InlineData("WIN", 0)]
    [InlineData("LOSS", 0)]
    [InlineData("LOSS", -1e6)]
    [InlineData("WIN", 1e6)]
    public async Task Values_at_their_limits_are_accepted(string outcome, double pnl)
    {
        JsonObject body = Sample;
        (body["outcome"], body["pnl_bps"], body["duration_sec"], body["trade_id"]) = (outcome, pnl, 31_622_400, new string('x', 256));

        Assert.Equal("accepted", await StatusAsync(body));
    }

    [Fact]
    public async Task It_needs_the_key_since_it_changes_what_is_learnt()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.key", "secret"));

        using HttpResponseMessage without = await host.PostAsync(Path, Sample.ToJsonString()), with = await host.PostAsync(Path, Sample.ToJsonString(), "secret");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (without.StatusCode, with.StatusCode));
    }

    [Fact]
    public async Task Where_nobody_learns_it_is_not_accepted()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(training: false);

        using HttpResponseMessage response = await host.PostAsync(Path, Sample.ToJsonString());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no_training", (string?)(await GatewayHost.ProblemAsync(response))["code"]);
    }

    private static (string? Field, string? Value) NamesOf(JsonObject problem) => ((string?)problem["field"], (string?)problem["value"]);

    private async Task<string?> StatusAsync(JsonObject body)
    {
        using HttpResponseMessage response = await Host.PostAsync(Path, body.ToJsonString());
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return (string?)JsonNode.Parse(text)!["status"];
    }

    private async Task<JsonObject> RefusedAsync(string body)
    {
        using HttpResponseMessage response = await Host.PostAsync(Path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await HeardAsync());
        return await GatewayHost.ProblemAsync(response);
    }

    private async Task<OutcomeReported[]> HeardAsync()
    {
        await Host.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        return [.. Host.Reported];
    }
}
