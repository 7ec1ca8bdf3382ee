using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Auditor.Stories;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>A small made-up recording, served once for the tests of this file.</summary>
public sealed class HourServed : IAsyncLifetime
{
    // Some pass and some are refused; some orders are rejected, so that there are twins of both sorts.
    private static readonly string[] Set =
        ["preValidator.minScore=0", "gates.cost.bufferBps=25", "gates.spread.maxBps=1000", "guard.dailyLoss=0", "guard.consecutiveLosses=0", "paper.rejectProbability=0.3", "paper.impactBps=2"];

    internal ServedRun Run { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        using var recording = new MadeUpRecording();
        Run = await ServedRun.OfAsync(recording.Path, "safety", Set);
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();
}

/// <summary>The numbers of the API are those of the report that is folded from the ledger.</summary>
public sealed class ApiNumbersTests(HourServed hour, ITestOutputHelper output) : IClassFixture<HourServed>
{
    [Fact]
    public Task A_made_up_hour_has_the_numbers_of_its_ledger() => NumbersAgreeAsync(hour.Run);

    [Fact]
    public async Task Two_weeks_of_minutes_have_the_numbers_of_their_ledger()
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording, output) is not { } path) return;
        await using ServedRun weeks = await ServedRun.OfAsync(path, "safety");

        await NumbersAgreeAsync(weeks);
        await ALifeIsWholeAsync(weeks);
    }

    [Fact]
    public Task A_life_has_both_twins_and_causes_that_sum_to_their_gap() => ALifeIsWholeAsync(hour.Run);

    [Fact]
    public async Task Why_tells_what_the_command_line_tells()
    {
        foreach (JsonNode row in (await hour.Run.ListAsync("/api/opportunities")).Take(10))
        {
            string id = (string)row["id"]!;
            JsonObject told = StoryJson.Of(DecisionStory.Find(hour.Run.DataDirectory, id));

            Assert.True(JsonNode.DeepEquals(told, await hour.Run.GetAsync($"/api/why/{id}")), id);
            Assert.True(JsonNode.DeepEquals(told, await hour.Run.GetAsync($"/api/why/{id[..16].ToUpperInvariant()}")), id);
        }
    }

    [Theory]
    [InlineData("symbol=BTC-USD")]
    [InlineData("symbol=NONE")]
    [InlineData("kind=cross_venue")]
    [InlineData("kind=directional")]
    [InlineData("verdict=passed")]
    [InlineData("verdict=refused")]
    [InlineData("gate=cost_gate")]
    [InlineData("gate=none_such")]
    [InlineData("lane=production")]
    [InlineData("lane=shadow_sim")]
    [InlineData("lane=production&result=missed")]
    [InlineData("lane=shadow_sim&result=win")]
    [InlineData("result=loss")]
    [InlineData("result=breakeven")]
    [InlineData("model=v0.1.0")]
    [InlineData("min_net_bps=30")]
    [InlineData("verdict=passed&lane=production&result=win&min_net_bps=1.5e1")]
    public async Task A_filter_leaves_exactly_what_fits_it(string query)
    {
        List<JsonNode> all = await hour.Run.ListAsync("/api/opportunities"), found = await hour.Run.ListAsync($"/api/opportunities?{query}", limit: 7);
        Dictionary<string, string> asked = query.Split('&').Select(f => f.Split('=')).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal);

        Assert.Equal(all.Where(row => Fits(row, asked)).Select(r => (string)r["id"]!), found.Select(r => (string)r["id"]!));
    }

    [Theory]
    [InlineData("/api/opportunities?limit=0", "limit", "'0'", "a whole number from 1 to 1000")]
    [InlineData("/api/opportunities?limit=1001", "limit", "'1001'", "a whole number from 1 to 1000")]
    [InlineData("/api/opportunities?limit=1.5", "limit", "'1.5'", "a whole number from 1 to 1000")]
    [InlineData("/api/opportunities?limit=5&limit=6", "limit", "given twice", "given once")]
    [InlineData("/api/opportunities?cursor=x", "cursor", "'x'", "what 'next' of the page before said")]
    [InlineData("/api/opportunities?cursor=ffffffffffffffff", "cursor", "'ffffffffffffffff'", "what 'next' of the page before said")]
    [InlineData("/api/opportunities?kind=sideways", "kind", "'sideways'", "one of cross_venue, directional")]
    [InlineData("/api/opportunities?verdict=", "verdict", "''", "one of passed, refused")]
    [InlineData("/api/opportunities?lane=training", "lane", "'training'", "one of production, shadow_sim")]
    [InlineData("/api/opportunities?result=draw", "result", "'draw'", "one of win, loss, breakeven, missed")]
    [InlineData("/api/opportunities?symbol=", "symbol", "''", "1 to 64 characters, none of control")]
    [InlineData("/api/opportunities?gate=a%00b", "gate", "'a?b'", "1 to 64 characters, none of control")]
    [InlineData("/api/opportunities?min_net_bps=NaN", "min_net_bps", "'NaN'", "a number from -1000000 to 1000000")]
    [InlineData("/api/opportunities?sort=net", "sort", "not a field of this query", "one of limit, cursor, symbol, kind, verdict, gate, lane, result, model, min_net_bps")]
    [InlineData("/api/equity?points=0", "points", "'0'", "a whole number from 1 to 2000")]
    [InlineData("/api/twins?cursor=-1", "cursor", "'-1'", "what 'next' of the page before said")]
    [InlineData("/api/overview?verbose=1", "verbose", "not a field of this query", "left out")]
    [InlineData("/api/opportunities/12ab", "id", "'12ab'", "32 hex digits")]
    [InlineData("/api/why/zz", "id", "'zz'", "4 to 32 hex digits")]
    public async Task What_is_not_in_order_is_refused_by_field_value_and_limit(string path, string field, string value, string limit)
    {
        (HttpStatusCode status, JsonNode problem) = await hour.Run.RefusedAsync(path);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_field"), (status, (string)problem["code"]!));
        Assert.Equal((field, value, limit), ((string)problem["field"]!, (string)problem["value"]!, (string)problem["limit"]!));
    }

    [Theory]
    [InlineData("/api/opportunities/00000000000000000000000000000000")]
    [InlineData("/api/why/00000000000000000000000000000000")]
    [InlineData("/api/why/0000000000")]
    public async Task An_unknown_id_is_not_found(string path)
    {
        (HttpStatusCode status, JsonNode problem) = await hour.Run.RefusedAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (status, (string)problem["code"]!));
    }

    [Fact]
    public async Task The_kill_switch_shows_with_its_reason_until_it_is_released_by_the_lanes_name()
    {
        using HttpResponseMessage killed = await hour.Run.Http.PostAsJsonAsync("/api/kill", new { reason = "<b>drill</b>" });
        JsonNode kill = (await hour.Run.GetAsync("/api/overview"))["kill"]!;
        Assert.Equal((HttpStatusCode.OK, true, "<b>drill</b>"), (killed.StatusCode, (bool)kill["on"]!, (string)kill["reason"]!));

        using HttpResponseMessage resumed = await hour.Run.Http.PostAsJsonAsync("/api/resume", new { reason = "over", confirm = "production" });
        kill = (await hour.Run.GetAsync("/api/overview"))["kill"]!;
        Assert.Equal((HttpStatusCode.OK, false, null), (resumed.StatusCode, (bool)kill["on"]!, kill["reason"]));
    }

    [Fact]
    public async Task The_document_names_every_operation_and_says_absent_and_not_null()
    {
        JsonNode document = await hour.Run.GetAsync("/openapi/v1.json");
        string[] paths =
            ["/api/overview", "/api/equity", "/api/opportunities", "/api/opportunities/{id}", "/api/why/{id}", "/api/gates", "/api/twins", "/api/ai/decisions/recent", "/api/execution/matrix"];

        Assert.All(paths, path => Assert.NotEmpty((string)document["paths"]![path]!["get"]!["operationId"]!));
        foreach (string schema in new[] { "OverviewView", "LaneView", "OpportunityRow", "OpportunityLife", "TradeLife", "GateRow", "TwinsView", "ExecutionMatrixView" })
            Assert.DoesNotContain("\"null\"", document["components"]!["schemas"]![schema]!["properties"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task NumbersAgreeAsync(ServedRun run)
    {
        using PathAudit audit = LedgerFold.Of(run.DataDirectory);
        JsonObject report = PathReport.Of(audit);
        JsonNode overview = await run.GetAsync("/api/overview"), twins = await run.GetAsync("/api/twins"), gates = await run.GetAsync("/api/gates");
        Dictionary<int, JsonNode> lanes = overview["lanes"]!.AsArray().ToDictionary(l => (int)l!["number"]!, l => l!);

        Assert.Equal([4, 1, 2, 3], overview["lanes"]!.AsArray().Select(l => (int)l!["number"]!));
        Assert.Equal("paper", (string)overview["mode"]!);
        Same(report["lanes"]!["pre_validator"]!, lanes[4], "processed", "passed", "failed");
        Same(report["lanes"]!["production"]!, lanes[1], "processed", "missed");
        Same(report["lanes"]!["shadow"]!, lanes[2], "processed", "missed");
        Assert.Equal((long)report["lanes"]!["training"]!["recorded"]!, (long)lanes[3]["processed"]!);
        Assert.Equal((long)report["lanes"]!["training"]!["samples_collected"]!, (long)lanes[3]["samples"]!);
        Same(report["conservation"]!, overview["conservation"]!, "opportunities", "verdicts", "due", "outcomes", "open", "missing");
        Assert.Equal(0, (long)overview["conservation"]!["missing"]!);
        Assert.Equal(audit.Production.Profit.Base, Money(overview["profit"]!["production"]));
        Assert.Equal(audit.ShadowPassed.Profit.Base, Money(overview["profit"]!["shadow_passed"]));
        Assert.Equal(audit.Shadow.Profit.Base, Money(overview["profit"]!["shadow_all"]));

        JsonNode equity = await run.GetAsync("/api/equity?points=50"), last = equity["points"]!.AsArray()[^1]!;
        Assert.InRange(equity["points"]!.AsArray().Count, 2, 50);
        Assert.Equal(equity["points"]!.AsArray().Select(p => (string)p!["at"]!).Order(StringComparer.Ordinal), equity["points"]!.AsArray().Select(p => (string)p!["at"]!));
        Assert.Equal(
            (audit.Production.Profit.Base, audit.ShadowPassed.Profit.Base, audit.Shadow.Profit.Base),
            (Money(last["production"]), Money(last["shadow_passed"]), Money(last["shadow_all"])));

        GatesAgree(report["gates"]!.AsArray(), gates["gates"]!.AsArray());
        Assert.Equal(audit.Twins.Gap, Money(twins["gap"]));
        Same(report["comparison"]!, twins, "total", "both_filled", "same_sign");
        Assert.True(audit.Twins.Total > 0);
        await RowsAgreeAsync(run, audit);
    }

    private static void GatesAgree(JsonArray report, JsonArray served)
    {
        Assert.Equal(report.Select(g => (string)g!["name"]!), served.Select(g => (string)g!["name"]!));
        for (int i = 0; i < report.Count; i++)
        {
            (JsonNode told, JsonNode gate) = (report[i]!, served[i]!);
            Same(told, gate, "pass", "fail", "unknown", "good_blocks", "bad_blocks");
            Assert.Equal(told["saved"]!.GetValue<decimal>(), Money(gate["saved"]));
            Assert.Equal(told["missed"]!.GetValue<decimal>(), Money(gate["missed"]));
            if (gate["curve"]!.AsArray().Count == 0) continue;
            JsonNode now = gate["curve"]!.AsArray().Single(p => (double)p!["threshold"]! == (double)gate["limit"]!)!;
            if ((string)gate["name"]! == "gas_rule") continue; // where no profit is expected its setting has no number
            JsonNode advised = gate["would_have_blocked"]!;
            Assert.Equal((long)gate["good_blocks"]! + (long)gate["bad_blocks"]! + (long)advised["good"]! + (long)advised["bad"]!, (long)now["blocked"]!);
            Assert.InRange(Money(now["saved"]) - Money(gate["saved"]) - Money(advised["saved"]), -0.0001m, 0.0001m);
            Assert.InRange(Money(now["missed"]) - Money(gate["missed"]) - Money(advised["missed"]), -0.0001m, 0.0001m);
        }
    }

    private static async Task RowsAgreeAsync(ServedRun run, PathAudit audit)
    {
        List<JsonNode> rows = await run.ListAsync("/api/opportunities");
        Assert.Equal(audit.Judged, rows.Count);
        Assert.Equal(audit.Passed, rows.Count(r => (bool)r["passed"]!));
        Assert.Equal(LedgerFold.Events(run.DataDirectory).Select(e => e.Event).OfType<DecisionRecord>().Select(d => d.Decision.Id.ToString()).Reverse(), rows.Select(r => (string)r["id"]!));
        foreach ((string lane, LaneTally tally) in new[] { ("production", audit.Production), ("shadow", audit.Shadow) })
        {
            JsonNode[] results = [.. rows.Select(r => r[lane]).OfType<JsonNode>()];
            Assert.Equal(tally.Processed, results.Length);
            Assert.Equal(tally.Missed, results.Count(r => (string)r["state"]! == "missed"));
            // Decimals round at their 28th digit, so their sum depends on the order.
            Assert.InRange(tally.Profit.Base - results.Where(r => (string?)r["currency"] == "USD").Sum(r => Money(r["net"])), -1e-20m, 1e-20m);
        }
        List<JsonNode> pairs = await run.ListAsync("/api/twins", limit: 100);
        Assert.Equal(audit.Twins.Total, pairs.Count);
        Assert.InRange(pairs.Where(p => (string)p["currency"]! == "USD").Sum(p => Money(p["gap"])) - audit.Twins.Gap, -1e-9m, 1e-9m);
        JsonNode[] matrix = [.. (await run.GetAsync("/api/execution/matrix"))["paths"]!.AsArray().Select(p => p!)];
        Assert.Equal(audit.Shadow.Success, matrix.Sum(p => (long?)p["shadow"]?["succeeded"] ?? 0));
        Assert.Equal(audit.Production.Processed, matrix.Sum(p => (long?)p["production"]?["processed"] ?? 0));
    }

    private static async Task ALifeIsWholeAsync(ServedRun run)
    {
        JsonNode[] passed = [.. (await run.ListAsync("/api/opportunities?verdict=passed&lane=production")).Take(20)];
        JsonNode[] refused = [.. (await run.ListAsync("/api/opportunities?verdict=refused")).Take(20)];
        Assert.NotEmpty(passed);
        Assert.NotEmpty(refused);
        int explained = 0;
        foreach (JsonNode row in passed.Concat(refused))
        {
            JsonNode life = await run.GetAsync($"/api/opportunities/{row["id"]}");
            foreach ((string name, JsonNode? value) in row.AsObject()) Assert.True(JsonNode.DeepEquals(value, life[name]), $"{row["id"]} {name}: {value} in the list, {life[name]} in the life");
            Assert.Equal(32, life["features"]!.AsArray().Count);
            Assert.Equal((bool)row["passed"]!, !life["gates"]!.AsArray().Any(g => (bool)g!["binds"]! && (string)g["state"]! == "fail"));
            if (life["contribution_base"] is { } start)
            {
                explained++;
                double sum = (double)start + life["features"]!.AsArray().Sum(f => (double)f!["contribution"]!), score = (double)life["score"]!;
                Assert.InRange(sum - Math.Log(score / (1 - score)), -1e-4, 1e-4);
            }
            if (row["production"] is null) continue;
            JsonNode twin = life["twin"]!;
            decimal production = Money(life["outcomes"]!["production"]!["net"]), shadow = Money(life["outcomes"]!["shadow_sim"]!["net"]);
            Assert.Equal((string)life["outcomes"]!["shadow_sim"]!["state"]! == "filled" ? 2 : 0, life["outcomes"]!["shadow_sim"]!["fills"]!.AsArray().Count);
            Assert.InRange(Money(twin["gap"]) - (production - shadow), -1e-9m, 1e-9m);
            Assert.Equal(Money(twin["gap"]), twin["causes"]!.AsArray().Sum(c => Money(c!["amount"])) + Money(twin["unexplained"]));
        }
        Assert.True(explained > 0);
        JsonNode recent = await run.GetAsync("/api/ai/decisions/recent?limit=5");
        Assert.Equal((await run.GetAsync("/api/opportunities?limit=5"))["items"]!.AsArray().Select(i => (string)i!["id"]!), recent["items"]!.AsArray().Select(i => (string)i!["trace_id"]!));
    }

    private static bool Fits(JsonNode row, Dictionary<string, string> asked)
    {
        string lane = asked.GetValueOrDefault("lane", "") == "production" ? "production" : "shadow";
        return asked.All(field => field.Key switch
        {
            "symbol" or "kind" or "model" => (string)row[field.Key]! == field.Value,
            "verdict" => (bool)row["passed"]! == (field.Value == "passed"),
            "gate" => field.Value == "cost_gate" && row["reasons"]!.AsArray().Any(r => (string)r! == "below_costs"),
            "lane" => row[lane] is not null,
            "result" => asked.ContainsKey("lane") ? Is(row[lane], field.Value) : Is(row["production"], field.Value) || Is(row["shadow"], field.Value),
            _ => (double?)row["net_bps"] >= double.Parse(field.Value, CultureInfo.InvariantCulture),
        });
    }

    private static bool Is(JsonNode? lane, string result) => lane is not null && (string?)(result == "missed" ? lane["state"] : lane["result"]) == result;

    private static decimal Money(JsonNode? amount) => amount is null ? 0m : decimal.Parse((string)amount!, CultureInfo.InvariantCulture);

    private static void Same(JsonNode report, JsonNode served, params string[] names) =>
        Assert.All(names, name => Assert.Equal((long)report[name]!, (long)served[name]!));
}
