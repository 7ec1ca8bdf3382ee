using System.Text.Json.Nodes;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>The request of NAME-06, as the seeds spell it.</summary>
internal static class Golden
{
    public const string Text =
        """
        {
          "opportunities": [
            {
              "route_id": "usdc_usdt_2hop",
              "tokens": ["USDC", "USDT", "USDC"],
              "dexes": ["quickswap", "sushiswap"],
              "input_amount": 1000.0,
              "expected_output": 1012.0,
              "gas_estimate": 350000,
              "profit_usd": 12.0,
              "confidence_score": 0.85,
              "chain": "polygon"
            }
          ],
          "threshold": 0.8,
          "use_gpu": false
        }
        """;

    public static JsonObject Request => JsonNode.Parse(Text)!.AsObject();

    public static JsonObject Opportunity => Request["opportunities"]![0]!.DeepClone().AsObject();

    /// <summary>A request of <paramref name="count"/> opportunities with edges from −40 bps up, each with its own route id.</summary>
    public static JsonObject Batch(int count, double threshold = 0.8)
    {
        var list = new JsonArray();
        for (int i = 0; i < count; i++)
        {
            JsonObject one = Opportunity;
            double profit = i % 100 * 0.25 - 4;
            one["route_id"] = $"route-{i}";
            one["profit_usd"] = profit;
            one["expected_output"] = 1000 + profit;
            list.Add(one);
        }
        return new JsonObject { ["opportunities"] = list, ["threshold"] = threshold };
    }
}
