using System.Text.Json.Nodes;

namespace QuadTurbo.Gateway.Docs;

/// <summary>The groups of the API's page, by the beginning of a path: what a person looks for together stands together.</summary>
internal static class ApiGroups
{
    private const string Other = "Service";

    // The first whose beginning fits is the group; they stand on the page in this order.
    private static readonly (string Name, string Words, string[] Beginnings)[] Groups =
    [
        ("Trading", "The kill switch and the account.", ["/api/kill", "/api/resume", "/api/account"]),
        ("Results", "What the lanes did and earned, and why.",
            ["/api/overview", "/api/equity", "/api/opportunities", "/api/why", "/api/gates", "/api/twins", "/api/execution", "/api/ai", "/api/metrics"]),
        ("Predictions", "Scores for opportunities of your own.", ["/predict", "/opportunities", "/api/ml/predictions"]),
        ("Models", "Versions, what judges, experiments, promotion and rollback.", ["/models", "/model/", "/api/models", "/api/ml/performance", "/api/rl"]),
        ("Learning", "Samples, triggers, retrains, and outcomes that other programs report.",
            ["/api/learning", "/api/training", "/api/ml/train", "/api/trade_outcome"]),
        ("Live stream", "The WebSocket.", ["/stream"]),
        ("MLflow", "The part of MLflow's registry that its clients use.", ["/api/2.0/mlflow"]),
        (Other, "Health, speed, queues, measures, this document and the dashboard.", []),
    ];

    /// <summary>The group of a path.</summary>
    public static string Of(string path) =>
        Groups.FirstOrDefault(g => g.Beginnings.Any(b => path.StartsWith(b, StringComparison.Ordinal))).Name ?? Other;

    /// <summary>Every group with what it is for, in the order of the page.</summary>
    public static JsonArray Tags() => new([.. Groups.Select(g => (JsonNode)new JsonObject { ["name"] = g.Name, ["description"] = g.Words })]);
}
