using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using QuadTurbo.Services.Tests.Inference;

namespace QuadTurbo.Services.Tests.Gateway;

public sealed class PredictionTests
{
    private static readonly string[] PromisedOfPrediction =
        ["route_id", "prediction_score", "should_execute", "model_version_xgb", "model_version_onnx", "inference_time_ms", "timestamp"];

    private static readonly string[] PromisedOfAnswer = ["predictions", "total_opportunities", "executable_count", "total_inference_time_ms", "avg_inference_time_ms"];

    [Fact]
    public async Task The_golden_request_comes_back_in_the_shape_of_the_seeds()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        JsonObject answer = await host.PredictAsync(Golden.Request);
        JsonObject prediction = Assert.Single(answer["predictions"]!.AsArray())!.AsObject();

        Assert.Equal(PromisedOfAnswer, answer.Select(m => m.Key).Take(PromisedOfAnswer.Length));
        Assert.Equal(PromisedOfPrediction, prediction.Select(m => m.Key).Take(PromisedOfPrediction.Length));
        Assert.Equal(1, (int)answer["total_opportunities"]!);
        Assert.Equal(1, (int)answer["executable_count"]!);
        Assert.Equal("usdc_usdt_2hop", (string?)prediction["route_id"]);
        Assert.InRange((double)prediction["prediction_score"]!, 0.8, 1);
        Assert.True((bool)prediction["should_execute"]!);
        Assert.Equal("v0.1.0", (string?)prediction["model_version_xgb"]);
        Assert.Equal("v0.1.0", (string?)prediction["model_version_onnx"]);
        Assert.Equal((double)answer["total_inference_time_ms"]!, (double)prediction["inference_time_ms"]!);
        Assert.True(DateTime.TryParseExact((string?)prediction["timestamp"], "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    [Fact]
    public async Task An_answer_says_what_it_did_not_know()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        JsonObject answer = await host.PredictAsync(Golden.Request);
        string?[] names = [.. answer["missing_feature_names"]!.AsArray().Select(n => (string?)n)];

        Assert.Equal("cross_venue", (string?)answer["model_scope"]);
        Assert.Equal("CPUExecutionProvider", (string?)answer["provider"]);
        Assert.Null(answer["provider_note"]);
        Assert.True((bool)answer["degraded"]!);
        Assert.Equal(names.Length, (int)answer["predictions"]![0]!["missing_features"]!);
        Assert.Contains("buy_spread_bps", names);
        Assert.DoesNotContain("net_edge_bps", names);
        Assert.DoesNotContain("confidence", names);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task A_batch_is_answered_in_its_order(int count)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        JsonObject answer = await host.PredictAsync(Golden.Batch(count));
        JsonArray predictions = answer["predictions"]!.AsArray();

        Assert.Equal(count, (int)answer["total_opportunities"]!);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"route-{i}"), predictions.Select(p => (string?)p!["route_id"]));
        Assert.Equal(predictions.Count(p => (double)p!["prediction_score"]! >= 0.8), (int)answer["executable_count"]!);
        Assert.All(predictions, p => Assert.Equal((double)p!["prediction_score"]! >= 0.8, (bool)p["should_execute"]!));
        Assert.Equal((double)answer["total_inference_time_ms"]! / count, (double)answer["avg_inference_time_ms"]!, 1e-12);
    }

    [Fact]
    public async Task The_threshold_is_met_by_a_score_that_equals_it()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        double score = (double)(await host.PredictAsync(Golden.Batch(30)))["predictions"]![29]!["prediction_score"]!;

        JsonObject at = await host.PredictAsync(Golden.Batch(30, score)), above = await host.PredictAsync(Golden.Batch(30, Math.BitIncrement(score)));

        Assert.True((bool)at["predictions"]![29]!["should_execute"]!);
        Assert.False((bool)above["predictions"]![29]!["should_execute"]!);
    }

    [Fact]
    public async Task One_opportunity_alone_has_the_score_that_it_has_in_a_batch()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonObject batch = await host.PredictAsync(Golden.Batch(40));
        JsonObject one = Golden.Batch(40)["opportunities"]![31]!.DeepClone().AsObject();
        one["threshold"] = 0.1;

        JsonObject single = await host.PredictAsync(one, "/predict/single");

        Assert.Equal((double)batch["predictions"]![31]!["prediction_score"]!, (double)single["prediction_score"]!);
        Assert.True((bool)single["should_execute"]!);
        Assert.Equal(PromisedOfPrediction, single.Select(m => m.Key).Take(PromisedOfPrediction.Length));
        Assert.Equal("cross_venue", (string?)single["model_scope"]);
    }

    [Theory]
    [InlineData("\"ünïcode ₮ route\"", "ünïcode ₮ route")]
    [InlineData("\"a\\\"b\\\\c\\u0041\\n\"", "a\"b\\cA\n")]
    public async Task A_route_id_comes_back_as_it_was(string written, string meant)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        using HttpResponseMessage response = await host.PostAsync("/predict/batch", Golden.Text.Replace("\"usdc_usdt_2hop\"", written, StringComparison.Ordinal));
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(meant, (string?)answer["predictions"]![0]!["route_id"]);
    }

    [Fact]
    public async Task A_score_that_the_model_cannot_give_is_null_and_is_not_executed()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonObject request = Golden.Request;
        request["opportunities"]![0]!["tokens"] = new JsonArray("WETH", "WBTC");
        request["threshold"] = 0;

        JsonObject prediction = (await host.PredictAsync(request))["predictions"]![0]!.AsObject();

        Assert.True(prediction.ContainsKey("prediction_score"));
        Assert.Null(prediction["prediction_score"]);
        Assert.False((bool)prediction["should_execute"]!);
        Assert.True((bool)prediction["degraded"]!);
    }

    [Fact]
    public async Task Asking_for_a_gpu_that_is_not_there_falls_back_and_says_so()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonObject request = Golden.Request;
        request["use_gpu"] = true;

        JsonObject answer = await host.PredictAsync(request);

        Assert.Equal("CPUExecutionProvider", (string?)answer["provider"]);
        Assert.Contains("CPU", (string?)answer["provider_note"]);
        Assert.Equal(1, (int)answer["executable_count"]!);
    }

    [Theory]
    [InlineData("polygon")]
    [InlineData("POLYGON")]
    [InlineData("Ethereum")]
    [InlineData("arbitrum")]
    [InlineData("OPTIMISM")]
    [InlineData("base")]
    public async Task A_chain_is_read_in_any_case(string chain)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonObject request = Golden.Request;
        request["opportunities"]![0]!["chain"] = chain;

        Assert.Equal(1, (int)(await host.PredictAsync(request))["total_opportunities"]!);
    }

    [Fact]
    public async Task Perturbing_a_field_moves_the_score_or_the_field_is_listed_as_unused()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonNode summary = JsonNode.Parse(await host.Http.GetStringAsync("/models/summary"))!;
        string[] unused = [.. summary["unused_fields"]!.AsArray().Select(f => (string)f!)];
        double golden = (double)(await host.PredictAsync(Golden.Request))["predictions"]![0]!["prediction_score"]!;
        (string Field, JsonNode Value)[] changes =
        [
            ("route_id", "another"), ("tokens", new JsonArray("WETH", "USDT", "WBTC")), ("dexes", new JsonArray("uniswap")), ("input_amount", 1001.0),
            ("expected_output", 1011.0), ("gas_estimate", 350_001), ("profit_usd", 11.0), ("confidence_score", 0.84), ("chain", "base"), ("timestamp", 1_700_000_000),
        ];

        var moved = new List<string>();
        foreach ((string field, JsonNode value) in changes)
        {
            JsonObject request = Golden.Request;
            request["opportunities"]![0]![field] = value;
            JsonNode prediction = (await host.PredictAsync(request))["predictions"]![0]!;
            if ((double?)prediction["prediction_score"] != golden) moved.Add(field);
        }

        Assert.Equal(["route_id", "dexes", "gas_estimate", "chain", "timestamp"], unused);
        Assert.Equal(changes.Select(c => c.Field).Order(), moved.Concat(unused).Order());
    }

    [Fact]
    public async Task The_versions_are_those_of_the_members_that_scored()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.AssignAsync(Packages.Ensemble());

        JsonObject answer = await host.PredictAsync(Golden.Batch(40));
        JsonNode summary = JsonNode.Parse(await host.Http.GetStringAsync("/models/summary"))!;

        Assert.Equal("v1.2.0", (string?)answer["predictions"]![39]!["model_version_xgb"]);
        Assert.Equal("v1.3.0", (string?)answer["predictions"]![39]!["model_version_onnx"]);
        Assert.True((double)answer["predictions"]![39]!["disagreement"]! > 0);
        Assert.Equal(Packages.Ensemble().Ref.Id, (string?)answer["model_id"]);
        Assert.Equal("weighted", (string?)summary["serving"]!["voting"]);
        Assert.Equal(2, summary["serving"]!["members"]!.AsArray().Count);
        Assert.Equal(0.4, (double)summary["serving"]!["members"]![1]!["weight"]!);
        Assert.Equal(40, (int)summary["predictions"]!);
        Assert.True((double)summary["latency_ms"]!["p99"]! > 0);
    }

    [Fact]
    public async Task A_member_without_a_score_names_its_stand_in()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.AssignAsync(Packages.Ensemble(onnxNeeds: "buy_spread_bps"));

        JsonNode prediction = (await host.PredictAsync(Golden.Request))["predictions"]![0]!;

        Assert.Equal("v1.2.0", (string?)prediction["model_version_xgb"]);
        Assert.Equal("v0.1.0", (string?)prediction["model_version_onnx"]);
        Assert.True((bool)prediction["degraded"]!);
        Assert.NotNull(prediction["prediction_score"]);
    }

    [Fact]
    public async Task The_model_is_swapped_under_load_and_no_request_fails()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string[] known = [Packages.Ensemble().Ref.Id, Packages.Ensemble("v2.0.0").Ref.Id, QuadTurbo.Scoring.ModelPackage.Baseline.Ref.Id];
        using var stop = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            int answered = 0;
            do
            {
                JsonObject answer = await host.PredictAsync(Golden.Batch(5));
                Assert.Contains((string?)answer["model_id"], known);
                answered++;
            }
            while (!stop.IsCancellationRequested);
            return answered;
        }))];

        for (int i = 0; i < 20; i++) await host.AssignAsync(Packages.Ensemble(i % 2 == 0 ? "v1.4.0" : "v2.0.0"));
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(clients), answered => Assert.True(answered > 0));
    }

    [Fact]
    public async Task Without_inference_predictions_are_unavailable_and_say_why()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);

        using HttpResponseMessage answer = await host.PostAsync("/predict/batch", Golden.Text);
        JsonObject problem = await GatewayHost.ProblemAsync(answer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("no_inference", (string?)problem["code"]);
        Assert.Contains("inference.score", (string?)problem["detail"]);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/model/status")]
    public async Task Pages_for_machines_are_json(string path)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        Assert.IsType<JsonObject>(JsonNode.Parse(await host.Http.GetStringAsync(path)));
    }
}
