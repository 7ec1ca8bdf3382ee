using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Opportunities to ask about, made up for the demonstration.</summary>
internal static class DemoRoutes
{
    private const double Stake = 1000;
    private const double BasisPoints = 1e4;

    /// <summary>The request that docs/api.md shows: 1,000 USDC that come back as 1,012.</summary>
    public static JsonObject Golden() => Of("usdc_usdt_2hop", netBps: 120, confidence: 0.85);

    /// <summary>1,000 dollars that come back with a net edge, surely or less so.</summary>
    /// <param name="id">What the answer calls it.</param>
    /// <param name="netBps">Profit by stake, bps.</param>
    /// <param name="confidence">0 to 1.</param>
    public static JsonObject Of(string id, double netBps, double confidence) => new()
    {
        ["route_id"] = id,
        ["tokens"] = new JsonArray("USDC", "USDT", "USDC"),
        ["dexes"] = new JsonArray("quickswap", "sushiswap"),
        ["input_amount"] = Stake,
        ["expected_output"] = Money(Stake * (1 + netBps / BasisPoints)),
        ["gas_estimate"] = 350000,
        ["profit_usd"] = Money(Stake * netBps / BasisPoints),
        ["confidence_score"] = confidence,
        ["chain"] = "polygon",
    };

    /// <summary>A request to score them.</summary>
    public static JsonObject Batch(IEnumerable<JsonObject> routes, double threshold) =>
        new() { ["opportunities"] = new JsonArray([.. routes]), ["threshold"] = threshold, ["use_gpu"] = false };

    /// <summary>What a route earns of what it takes in, bps.</summary>
    public static double NetBps(JsonObject route) =>
        route["profit_usd"]!.GetValue<double>() / route["input_amount"]!.GetValue<double>() * BasisPoints;

    private static double Money(double amount) => Math.Round(amount, 4);
}
