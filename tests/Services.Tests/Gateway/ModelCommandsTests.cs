using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Services.Tests.Registry;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>The registry's commands over real HTTP, with Registry and Inference behind them.</summary>
public sealed class ModelCommandsTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync(registry: true, settings: ("compat.ports", "[]"));

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task An_onnx_model_that_is_not_ours_registers_is_tested_serves_and_scores_as_its_own_runtime_does()
    {
        Put("forest.onnx", ModelFiles.Onnx("forest"));
        JsonObject version = await PostAsync(
            "/models/register", HttpStatusCode.Created,
            """{"model_type":"onnx","model_path":"forest.onnx","version":"v1.0.0","metrics":{"accuracy":0.89,"precision":0.88,"recall":0.90},"activate":true}""");
        Assert.Equal(("v1.0.0", "onnx", true, 0.0), ((string?)version["version"], (string?)version["model_type"], (bool)version["active"]!, (double)version["traffic_weight"]!));
        Assert.Equal(0.88, (double)version["metrics"]!["precision"]!);
        Assert.Equal(["v0.1.0"], await ServedAsync(5));

        JsonObject experiment = await PostAsync(
            "/models/ab-test", HttpStatusCode.OK, """{"model_type":"onnx","version_a":"v0.1.0","version_b":"v1.0.0","traffic_split":[0.5,0.5]}""");
        await Host.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();

        var head = (EnsembleHead)Host.Services.GetRequiredService<ArtefactStore>().LoadPackage((string)experiment["challenger"]!["id"]!).CrossVenue;
        double[] expected = ModelFiles.Expected("forest"), scores = new double[expected.Length];
        head.Members[0].Head.Score(ModelFiles.Rows, scores);
        for (int i = 0; i < scores.Length; i++) Assert.Equal(expected[i], scores[i], 1e-6);
        Assert.Contains("v1.0.0", await ServedAsync(60, head.Score(GoldenRow())));
        JsonNode summary = await SummaryAsync();
        Assert.Equal((0.5, "challenger"), ((double)summary["versions"]!["onnx"]![0]!["traffic_weight"]!, (string?)summary["versions"]!["onnx"]![0]!["status"]));
        Assert.Equal("onnx", (string?)summary["experiment"]!["model_type"]);
        Assert.Equal("v0.1.0", (string?)summary["live"]!["champion"]!["label"]);
    }

    [Fact]
    public async Task A_challenger_without_evidence_is_not_promoted_and_every_check_is_named()
    {
        await TestTreesAsync();

        JsonObject problem = await RefusedAsync("/models/promote-winner", HttpStatusCode.Conflict, """{"model_type":"xgboost"}""");

        Assert.Equal("not_promoted", (string?)problem["code"]);
        string?[] checks = [.. problem["checks"]!.AsArray().Select(c => (string?)c!["name"])];
        Assert.Contains("enough_predictions", checks);
        Assert.Contains("enough_time", checks);
        Assert.Contains("significant", checks);
        Assert.Contains("at least 1000", (string?)problem["detail"]);
        Assert.Equal("v0.1.0", (string?)(await SummaryAsync())["live"]!["champion"]!["label"]);
    }

    [Fact]
    public async Task A_rollback_answers_when_what_was_decided_is_what_is_served()
    {
        Put("a.json", ModelFiles.Stump(0, 1, 1));
        await PostAsync("/models/register", HttpStatusCode.Created, Trees("v0.9.0", "a.json"));
        await TestTreesAsync(champion: "v0.9.0");

        JsonObject ended = await PostAsync("/models/rollback", HttpStatusCode.OK, """{"model_type":"xgboost"}""");
        Assert.Equal(("v0.3.1", false), ((string?)ended["live"]!["champion"]!["label"], (bool)ended["live"]!["pinned"]!));
        Assert.StartsWith("the A/B test has ended", (string?)ended["note"], StringComparison.Ordinal);
        JsonObject answer = await PostAsync("/models/rollback", HttpStatusCode.OK, """{"model_type":"xgboost"}""");

        Assert.True((bool)answer["verified"]!, answer.ToJsonString());
        Assert.StartsWith("v0.1.0 is pinned", (string?)answer["note"], StringComparison.Ordinal);
        Assert.True((bool)(await SummaryAsync())["live"]!["pinned"]!);
        Assert.Equal(("v0.1.0", "v0.1.0"), ((string?)answer["live"]!["champion"]!["label"], (string?)answer["served"]!["label"]));
        Assert.Equal(["v0.1.0"], await ServedAsync(10));
        JsonObject problem = await RefusedAsync("/models/rollback", HttpStatusCode.Conflict, """{"model_type":"xgboost"}""");
        Assert.Equal("conflict", (string?)problem["code"]);
        Assert.False((bool)(await PostAsync("/models/unpin", HttpStatusCode.OK, """{"model_type":"xgboost"}"""))["pinned"]!);
        await RefusedAsync("/models/unpin", HttpStatusCode.Conflict, """{"model_type":"xgboost"}""");
    }

    [Fact]
    public async Task A_row_without_a_score_says_why_and_by_which_version_and_is_an_error_of_it()
    {
        Put("fragile.onnx", ModelFiles.Onnx("logistic"));
        JsonObject version = await PostAsync(
            "/models/register", HttpStatusCode.Created, """{"model_type":"onnx","model_path":"fragile.onnx","version":"v1.0.0","activate":true}""");
        Assert.Contains("no score where values are missing", (string?)version["notes"], StringComparison.Ordinal);
        JsonObject test = await PostAsync(
            "/models/ab-test", HttpStatusCode.OK, """{"model_type":"onnx","version_a":"v0.1.0","version_b":"v1.0.0","traffic_split":[0.5,0.5]}""");
        Assert.Contains(test["notes"]!.AsArray(), n => ((string)n!).Contains("no score where values are missing", StringComparison.Ordinal));
        Assert.DoesNotContain("NaN that", test.ToJsonString(), StringComparison.Ordinal);
        await Host.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();

        JsonObject request = Golden.Batch(40), answer = await Host.PredictAsync(request), single = await Host.PredictAsync(Golden.Opportunity, "/predict/single");

        JsonNode[] rows = [.. answer["predictions"]!.AsArray().Select(r => r!)], silent = [.. rows.Where(r => r["prediction_score"] is null)];
        Assert.InRange(silent.Length, 1, 39);
        Assert.All(silent, r => Assert.Equal(
            ((string?)test["challenger"]!["label"], "onnx v1.0.0 gave no number for a row in which so many features are missing"),
            ((string?)r["no_score"]!["model_version"], (string?)r["no_score"]!["reason"])));
        Assert.All(rows.Except(silent), r => Assert.False(r.AsObject().ContainsKey("no_score")));
        Assert.Equal(single["prediction_score"] is null, single.ContainsKey("no_score"));
        JsonArray arms = (await SummaryAsync())["arms"]!.AsArray();
        int more = single["prediction_score"] is null ? 1 : 0;
        Assert.Equal((0, silent.Length + more), ((int)arms[0]!["errors"]!, (int)arms[1]!["errors"]!));
    }

    [Theory]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x","version":"v1.0.0","owner":"me"}""", "owner")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x"}""", "version")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":7,"version":"v1.0.0"}""", "model_path")]
    [InlineData("/models/register", """{"model_type":null,"model_path":"x","version":"v1.0.0"}""", "model_type")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x","version":"v1.0.0","activate":"yes"}""", "activate")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x","version":"v1.0.0","metrics":{"auc":"high"}}""", "metrics")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x","version":"v1.0.0","metrics":{"auc":1,"auc":2}}""", "metrics")]
    [InlineData("/models/register", """{"version":"v1.0.0","version":"v1.0.0"}""", "version")]
    [InlineData("/models/ab-test", """{"model_type":"xgboost","version_a":"v1.0.0","version_b":"v1.1.0","traffic_split":0.8}""", "traffic_split")]
    [InlineData("/models/ab-test", """{"model_type":"xgboost","version_a":"v1.0.0","version_b":"v1.1.0","traffic_split":[0.8,null]}""", "traffic_split")]
    [InlineData("/models/promote-winner", "{}", "model_type")]
    [InlineData("/models/rollback", """{"model_type":"xgboost","version":1}""", "version")]
    [InlineData("/models/rollback", "[]", "")]
    [InlineData("/models/rollback", "{", "")]
    [InlineData("/models/rollback", "", "")]
    [InlineData("/models/rollback", "{\"\\ud800\":1}", "")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x","version":"v1.0.0","metrics":{"accuracy":1e400}}""", "metrics.accuracy")]
    [InlineData("/models/ab-test", """{"model_type":"xgboost","version_a":"v1.0.0","version_b":"v1.1.0","traffic_split":[0.8,-1e400]}""", "traffic_split[1]")]
    public async Task A_body_of_another_shape_is_refused_and_its_field_is_named(string path, string body, string field)
    {
        JsonObject problem = await RefusedAsync(path, HttpStatusCode.BadRequest, body);

        Assert.Equal(("invalid_field", field), ((string?)problem["code"], (string?)problem["field"]));
    }

    [Theory]
    [InlineData("/models/register")]
    [InlineData("/models/ab-test")]
    [InlineData("/models/promote-winner")]
    [InlineData("/models/rollback")]
    public async Task A_body_that_is_not_utf_8_is_refused_and_a_byte_order_mark_is_passed_over(string path)
    {
        using HttpResponseMessage latin = await Host.PostAsync(path, [.. "{\"model_type\":\""u8, 0xE9, .. "\"}"u8]);
        Assert.Equal(HttpStatusCode.BadRequest, latin.StatusCode);
        JsonObject problem = await GatewayHost.ProblemAsync(latin);
        Assert.Equal(("invalid_field", "", "not UTF-8"), ((string?)problem["code"], (string?)problem["field"], (string?)problem["value"]));

        using HttpResponseMessage marked = await Host.PostAsync(path, "\uFEFF{\"model_type\":7}");
        Assert.Equal(("model_type", "7"), ((string?)(await GatewayHost.ProblemAsync(marked))["field"], (string?)(await GatewayHost.ProblemAsync(marked))["value"]));
    }

    [Fact]
    public async Task A_number_beyond_a_double_is_said_back_as_it_was_written()
    {
        JsonObject problem = await RefusedAsync(
            "/models/register", HttpStatusCode.BadRequest, """{"model_type":"xgboost","model_path":"x","version":"v1.0.0","metrics":{"auc":1e400}}""");

        Assert.Equal("metrics.auc is 1e400; it must be a number that a double holds, at most 1.8e308", (string?)problem["detail"]);
    }

    [Fact]
    public async Task What_the_disk_does_not_take_is_503_and_registers_once_it_does()
    {
        Put("trees.json", ModelFiles.Stump(0, 1, 1));
        string place = Path.Combine(Host.Folder.FullName, RegistryService.Folder, "history.head.partial");
        Directory.CreateDirectory(place);

        JsonObject problem = await RefusedAsync("/models/register", HttpStatusCode.ServiceUnavailable, Trees("v1.0.0", "trees.json"));

        Assert.Equal("not_kept", (string?)problem["code"]);
        Assert.DoesNotContain(Host.Folder.FullName, problem.ToJsonString(), StringComparison.Ordinal);
        Directory.Delete(place);
        await PostAsync("/models/register", HttpStatusCode.Created, Trees("v1.0.0", "trees.json"));
        Assert.Single(VersionCatalogue.Read(Path.Combine(Host.Folder.FullName, RegistryService.Folder)).Versions(VersionType.Xgboost));
    }

    [Fact]
    public async Task An_artefact_that_is_gone_is_503_and_named_without_its_folder()
    {
        Put("trees.json", ModelFiles.Stump(0, 1, 1));
        JsonObject version = await PostAsync("/models/register", HttpStatusCode.Created, Trees("v1.0.0", "trees.json"));
        File.Delete(Path.Combine(Host.Folder.FullName, RegistryService.Folder, (string)version["path"]!));

        JsonObject problem = await RefusedAsync("/models/ab-test", HttpStatusCode.ServiceUnavailable, """{"model_type":"xgboost","version_a":"v0.1.0","version_b":"v1.0.0"}""");

        Assert.Equal(("damaged", $"artefact damaged: {version["path"]} is missing"), ((string?)problem["code"], (string?)problem["detail"]));
    }

    [Fact]
    public async Task A_rollback_that_arrives_while_one_is_under_way_changes_nothing()
    {
        var slow = new SlowRegistry();
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, also: builder =>
        {
            builder.Services.AddSingleton(slow);
            builder.Answer(Queries.RollBack, static (SlowRegistry registry, RollBack _, CancellationToken _) => registry.GoBackAsync());
        });
        const string body = """{"model_type":"xgboost"}""";

        Task<HttpResponseMessage> first = host.PostAsync("/models/rollback", body);
        await slow.Asked.Task;
        using HttpResponseMessage second = await host.PostAsync("/models/rollback", body);
        JsonObject problem = await GatewayHost.ProblemAsync(second);
        slow.Decided.SetResult();
        using HttpResponseMessage answered = await first;
        using HttpResponseMessage later = await host.PostAsync("/models/rollback", body);

        Assert.Equal((HttpStatusCode.Conflict, "under_way"), (second.StatusCode, (string?)problem["code"]));
        Assert.Contains("another rollback is under way", (string?)problem["detail"]);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, 2), (answered.StatusCode, later.StatusCode, slow.Times));
    }

    [Fact]
    public async Task A_body_that_the_framework_reads_is_refused_without_a_name_of_this_programs_types()
    {
        foreach ((string body, string detail) in ((string, string)[])[
            ("""{"text":7}""", "text is not a field of this request, or of another type than it must be"), ("null", "the body is missing; it must be JSON"),
            ("[]", "the body is no object of this request, or lacks a field that it must have")])
        {
            JsonObject problem = await RefusedAsync("/command", HttpStatusCode.BadRequest, body);
            Assert.Equal(("invalid_field", detail), ((string?)problem["code"], (string?)problem["detail"]));
        }
        var unknown = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Strict>("""{"Nope":7}"""));
        Assert.Contains(nameof(Strict), unknown.Message, StringComparison.Ordinal);
        Assert.Equal(("Nope", "Nope is not a field of this request, or of another type than it must be"), BodyProblem.Of(unknown));
        Assert.Contains("invalid", (string?)(await RefusedAsync("/command", HttpStatusCode.BadRequest, "{nope"))["detail"]);
    }

    [Theory]
    [InlineData("/models/register", """{"model_type":"torch","model_path":"x","version":"v1.0.0"}""", 422, "model_type")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"x","version":"1.0"}""", 422, "version")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"/etc/passwd","version":"v1.0.0"}""", 422, "model_path")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"../api-keys.json","version":"v1.0.0"}""", 422, "model_path")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"gone.json","version":"v1.0.0"}""", 404, "model_path")]
    [InlineData("/models/register", """{"model_type":"onnx","model_path":"cut.onnx","version":"v1.0.0"}""", 422, "model_path")]
    [InlineData("/models/register", """{"model_type":"xgboost","model_path":"cut.onnx","version":"v1.0.0","metrics":{"accuracy":1e99}}""", 422, "metrics.accuracy")]
    [InlineData("/models/ab-test", """{"model_type":"xgboost","version_a":"v1.0.0","version_b":"v1.1.0","traffic_split":[0.8,0.3]}""", 422, "traffic_split")]
    [InlineData("/models/ab-test", """{"model_type":"xgboost","version_a":"v1.0.0","version_b":"v1.1.0"}""", 404, "version_a")]
    [InlineData("/models/promote-winner", """{"model_type":"regime"}""", 422, "model_type")]
    [InlineData("/models/promote-winner", """{"model_type":"xgboost"}""", 409, null)]
    [InlineData("/models/rollback", """{"model_type":"xgboost","version":"v9.9.9"}""", 404, "version")]
    public async Task What_the_registry_refuses_changes_nothing_and_says_why(string path, string body, int status, string? field)
    {
        Put("cut.onnx", ModelFiles.Onnx("forest")[..200]);

        JsonObject problem = await RefusedAsync(path, (HttpStatusCode)status, body);

        Assert.Equal(field, (string?)problem["field"]);
        JsonNode summary = await SummaryAsync();
        Assert.Equal("v0.1.0", Assert.Single(summary["versions"]!.AsObject()).Value!.AsArray().Select(v => (string?)v!["version"]).Single());
        Assert.Null(summary["experiment"]);
    }

    [Fact]
    public async Task History_answers_what_was_live_at_an_instant()
    {
        DateTime before = DateTime.UtcNow;
        await TestTreesAsync();

        JsonNode then = await GetAsync($"/models/history?at={before:O}"), now = await GetAsync("/models/history"), other = await GetAsync("/models/history?model_type=xgboost");

        Assert.Equal(("v0.1.0", null), ((string?)then["live"]!["champion"]!["label"], (string?)then["live"]!["challenger"]));
        Assert.Equal("v0.3.1", (string?)now["live"]!["challenger"]!["label"]);
        Assert.Contains(now["lines"]!.AsArray(), l => (string?)l!["what"] == "ExperimentStarted");
        Assert.Equal("Registered", (string?)Assert.Single(other["lines"]!.AsArray())!["what"]);
        using HttpResponseMessage refused = await Host.Http.GetAsync("/models/history?at=yesterday");
        Assert.Equal("at", (string?)(await GatewayHost.ProblemAsync(refused))["field"]);
        using HttpResponseMessage unknown = await Host.Http.GetAsync("/models/history?model_type=torch");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
    }

    [Fact]
    public async Task A_client_of_mlflow_registers_finds_and_tags_versions()
    {
        Put("meta_label_v42.json", TemporaryRegistry.Package(42).Bytes.ToArray());
        const string api = "/api/2.0/mlflow/";
        JsonObject made = await PostAsync($"{api}model-versions/create", HttpStatusCode.OK, """{"name":"meta_label","source":"file:///x/meta_label_v42.json"}""");
        await PostAsync($"{api}model-versions/set-tag", HttpStatusCode.OK, """{"name":"meta_label","version":"42","key":"owner","value":"desk"}""");

        JsonNode found = await GetAsync($"{api}model-versions/get?name=meta_label&version=42"), models = await GetAsync($"{api}registered-models/search?max_results=2");

        Assert.Equal("42", (string?)made["model_version"]!["version"]);
        Assert.Contains(found["model_version"]!["tags"]!.AsArray(), t => (string?)t!["key"] == "owner" && (string?)t["value"] == "desk");
        Assert.Equal(2, models["registered_models"]!.AsArray().Count);
        using HttpResponseMessage gone = await Host.Http.GetAsync($"{api}model-versions/get?name=meta_label&version=9");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", (string?)JsonNode.Parse(await gone.Content.ReadAsStringAsync())!["error_code"]);
        foreach (string body in (string[])["{", "[]", "null", """{"name":7}"""])
        {
            using HttpResponseMessage bad = await Host.PostAsync($"{api}model-versions/create", body);
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
        using HttpResponseMessage page = await Host.Http.GetAsync($"{api}model-versions/search?max_results=many");
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
    }

    [Fact]
    public async Task Every_route_is_documented_and_its_shapes_are_those_that_are_served()
    {
        await ApiDocumentTests.ServedIsDocumentedAsync(Host);
        JsonNode schemas = (await GetAsync("/openapi/v1.json"))["components"]!["schemas"]!;
        JsonObject experiment = await TestTreesAsync();

        // What is not known yet is absent.
        Assert.Equal(["gain_bps", "gain_bps_interval"], ApiDocumentTests.Keys(schemas["ExperimentView"]!["properties"]!).Except(ApiDocumentTests.Keys(experiment)));
        Assert.Equal(
            ["parent", "ready"],
            ApiDocumentTests.Keys(schemas["VersionView"]!["properties"]!).Except(ApiDocumentTests.Keys((await SummaryAsync())["versions"]!["xgboost"]![0]!)));
        Assert.Equal(["activate", "metrics", "model_path", "model_type", "version"], ApiDocumentTests.Keys(schemas["RegisterVersion"]!["properties"]!));
    }

    [Fact]
    public async Task Without_a_registry_the_commands_say_so()
    {
        await using GatewayHost alone = await GatewayHost.StartAsync();

        using HttpResponseMessage response = await alone.PostAsync("/models/promote-winner", """{"model_type":"xgboost"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no_registry", (string?)(await GatewayHost.ProblemAsync(response))["code"]);
        Assert.False(JsonNode.Parse(await alone.Http.GetStringAsync("/models/summary"))!.AsObject().ContainsKey("versions"));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Strict(string? Text = null);

    /// <summary>A registry that takes its time.</summary>
    private sealed class SlowRegistry
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Times { get; private set; }

        public async ValueTask<LiveView> GoBackAsync()
        {
            Times++;
            Asked.TrySetResult();
            await Decided.Task;
            return new LiveView(ModelPackage.Baseline.Ref, null, 0, null, null, "people go back", 1);
        }
    }

    private static float[] GoldenRow()
    {
        var row = new float[FeatureSchema.Count];
        Array.Fill(row, float.NaN);
        foreach (string name in (string[])["directional", "side", "runner"]) row[FeatureSchema.IndexOf(name)] = 0;
        foreach (string name in (string[])["gross_edge_bps", "net_edge_bps"]) row[FeatureSchema.IndexOf(name)] = 120;
        row[FeatureSchema.IndexOf("confidence")] = 0.85f;
        return row;
    }

    private static string Trees(string version, string path) =>
        $$"""{"model_type":"xgboost","model_path":"{{path}}","version":"{{version}}","activate":true}""";

    private async Task<JsonObject> TestTreesAsync(string champion = "v0.1.0")
    {
        Put("trees.json", ModelFiles.Stump(FeatureSchema.IndexOf("confidence"), 0.5f, 2f));
        await PostAsync("/models/register", HttpStatusCode.Created, Trees("v1.1.0", "trees.json"));
        return await PostAsync("/models/ab-test", HttpStatusCode.OK, $$"""{"model_type":"xgboost","version_a":"{{champion}}","version_b":"v1.1.0"}""");
    }

    // The labels of the ONNX member that scored so many routes; where it was v1.0.0 the score must be the one given.
    private async Task<string[]> ServedAsync(int routes, double score = double.NaN)
    {
        var labels = new List<string>();
        for (int i = 0; i < routes; i++)
        {
            JsonObject request = Golden.Opportunity;
            request["route_id"] = $"route-{i}";
            JsonObject answer = await Host.PredictAsync(request, "/predict/single");
            labels.Add((string)answer["model_version_onnx"]!);
            if (labels[^1] == "v1.0.0") Assert.Equal(score, (double)answer["prediction_score"]!, 1e-6);
        }
        return [.. labels.Distinct().Order()];
    }

    private void Put(string name, byte[] file)
    {
        string folder = Path.Combine(Host.Folder.FullName, RegistryService.ImportFolder);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), file);
    }

    private Task<JsonNode> SummaryAsync() => GetAsync("/models/summary");

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Host.Http.GetStringAsync(path))!;

    private async Task<JsonObject> PostAsync(string path, HttpStatusCode status, string body)
    {
        using HttpResponseMessage response = await Host.PostAsync(path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    private async Task<JsonObject> RefusedAsync(string path, HttpStatusCode status, string body)
    {
        using HttpResponseMessage response = await Host.PostAsync(path, body);
        JsonObject problem = await GatewayHost.ProblemAsync(response);
        Assert.True(status == response.StatusCode, problem.ToJsonString());
        return problem;
    }
}
