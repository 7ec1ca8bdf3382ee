using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Scores a batch, and has a wrong one refused.</summary>
internal static class PredictStep
{
    private const double Threshold = 0.8;
    private const int Ok = 200, Refused = 400;

    public static DemoStep Step { get; } = new(
        "predict", "Batch prediction", "Up to 10,000 opportunities in one request, scored by the model that judges the platform's own.", ShowAsync);

    private static async Task<JsonObject> ShowAsync(DemoClient platform, CancellationToken cancel)
    {
        JsonObject[] routes =
        [
            DemoRoutes.Golden(),
            DemoRoutes.Of("thin_but_sure", netBps: 4, confidence: 0.9),
            DemoRoutes.Of("thin_and_doubtful", netBps: 4, confidence: 0.4),
            DemoRoutes.Of("costs_eat_it", netBps: -3, confidence: 0.9),
        ];
        // The first request of a process compiles code, and would be told as the cost of an answer.
        await platform.TellAsync("/predict/batch", DemoRoutes.Batch([DemoRoutes.Golden()], Threshold), cancel, Ok);
        (_, JsonObject answer) = await platform.PostAsync("/predict/batch", DemoRoutes.Batch(routes, Threshold), cancel, Ok);
        IReadOnlyList<JsonObject> predictions = Rows(answer, "predictions");
        Say();
        Say($"  {"route",-20}{"edge bps",10}{"confidence",12}{"score",9}  at {Threshold:0.0}");
        foreach ((JsonObject route, JsonObject row) in routes.Zip(predictions))
        {
            string execute = row["should_execute"]!.GetValue<bool>() ? "execute" : "leave";
            string asked = $"{Text(row, "route_id"),-20}{DemoRoutes.NetBps(route),10:0.0}{Number(route, "confidence_score"),12:0.00}";
            Say($"  {asked}{Number(row, "prediction_score"),9:0.0000}  {execute}");
        }
        int unknown = predictions.Max(r => (int)Number(r, "missing_features"));
        string cost = $"{Number(answer, "avg_inference_time_ms"):0.000} ms each";
        Say($"  {answer["executable_count"]} of {answer["total_opportunities"]} to execute.");
        Say($"  Judged by {answer["model_version"]} on {answer["provider"]}, {cost}.");
        Say($"  A request tells little of the 32 features: up to {unknown} are unknown here, and never taken for 0.");
        Say($"  The answer is marked degraded above half of them: {answer["degraded"]!.ToJsonString()}.");
        Say();
        Say("  One wrong field refuses the whole batch, and is named:");
        JsonObject wrong = DemoRoutes.Golden();
        wrong["input_amount"] = -1;
        (_, JsonObject refusal) = await platform.PostAsync("/predict/batch", DemoRoutes.Batch([wrong], Threshold), cancel, Refused);
        Say($"  {Refused} {refusal["code"]}: {refusal["detail"]}");
        return new JsonObject { ["predictions"] = answer["predictions"]!.DeepClone(), ["refused_field"] = refusal["field"]?.DeepClone() };
    }
}
