using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Gateway.Rest;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Services.Tests.Gateway;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Services.Tests.Inference;

/// <summary>Models are swapped while requests come in over HTTP.</summary>
public sealed class HotSwapTests
{
    private const int Swaps = 100, Clients = 2, Rows = 20;

    [Fact]
    public async Task In_100_swaps_no_request_fails_and_every_score_is_that_of_the_versions_it_names()
    {
        ModelPackage[] packages = [.. Enumerable.Range(1, 6).Select(seed => Packages.TreesAndNetwork(seed))];
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.AssignAsync(packages[0]);
        using var stop = new CancellationTokenSource();
        Task<List<Answered>>[] clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(host, client, stop.Token)))];

        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        for (int swap = 1; swap <= Swaps; swap++)
        {
            // In turn a challenger, a larger share of it, its promotion; then a challenger that is withdrawn, and a new champion.
            (int package, double share) = (swap % 5) switch
            {
                1 => (swap / 5 + 1, 0.3),
                2 => (swap / 5 + 1, 0.6),
                3 => (swap / 5 + 1, ModelAssigned.All),
                4 => (swap / 5 + 3, 0.5),
                _ => (swap / 5 + 4, ModelAssigned.All),
            };
            await transport.PublishAsync(Topics.ModelAssigned, Packages.Assigned(packages[package % packages.Length], share));
            await transport.UntilIdleAsync();
        }
        await stop.CancelAsync();

        Answered[] answers = [.. (await Task.WhenAll(clients)).SelectMany(a => a)];
        Check(answers, packages.ToDictionary(p => p.Ref.Label[..^".0.0".Length]));
        JsonNode summary = JsonNode.Parse(await host.Http.GetStringAsync("/models/summary"))!;
        Assert.Equal((0, 0), ((int)summary["errors"]!, (int)summary["refused_models"]!));
        Assert.Equal(answers.Length / Rows, (int)summary["requests"]!);
    }

    // Each answer names its members; both are of one package, and that gives the score offline.
    private static void Check(Answered[] answers, Dictionary<string, ModelPackage> packages)
    {
        var met = new HashSet<string>();
        foreach (Answered answer in answers)
        {
            string version = answer.Trees[..answer.Trees.IndexOf('.', StringComparison.Ordinal)];
            Assert.Equal(($"{version}.1.0", $"{version}.2.0"), (answer.Trees, answer.Network));
            met.Add(version);
            Assert.Equal(packages[version].CrossVenue.Score(answer.Row), answer.Score);
        }
        Assert.True(met.Count >= 4, $"only {string.Join(", ", met)} answered");
        Assert.True(answers.Length >= Clients * Rows * Swaps / 4, $"only {answers.Length} rows were answered under {Swaps} swaps");
    }

    private static async Task<List<Answered>> AskAsync(GatewayHost host, int client, CancellationToken stop)
    {
        var answers = new List<Answered>();
        for (int n = 0; !stop.IsCancellationRequested; n++)
        {
            JsonObject request = Golden.Batch(Rows);
            foreach (JsonNode? one in request["opportunities"]!.AsArray())
            {
                one!["route_id"] = $"{client}-{n}-{(string?)one["route_id"]}";
                one["confidence_score"] = (n * 7 + client) % 100 / 100.0;
            }
            float[][] rows = RowsOf(request);
            JsonArray predictions = (await host.PredictAsync(request))["predictions"]!.AsArray();
            for (int i = 0; i < Rows; i++)
                answers.Add(new Answered(rows[i], (string)predictions[i]!["model_version_xgb"]!, (string)predictions[i]!["model_version_onnx"]!, (double)predictions[i]!["prediction_score"]!));
        }
        return answers;
    }

    private static float[][] RowsOf(JsonObject request)
    {
        using var batch = new PredictionBatch(Rows);
        PredictionReader.ReadBatch(System.Text.Encoding.UTF8.GetBytes(request.ToJsonString()), batch);
        var rows = new float[batch.Count][];
        for (int i = 0; i < rows.Length; i++) RequestFeatures.Fill(batch.Inputs[i], rows[i] = new float[FeatureSchema.Count]);
        return rows;
    }

    private sealed record Answered(float[] Row, string Trees, string Network, double Score);
}
