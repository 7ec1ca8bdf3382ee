using System.Globalization;
using System.Text;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Benchmarks;

/// <summary>Requests for predictions as the bytes that go out, made beforehand so that a client costs little.</summary>
internal static class PredictionRequests
{
    // Other rows in every request: a branch predictor learns the same few by heart.
    private const int Bodies = 64;

    /// <summary>64 requests to <paramref name="path"/>; equal arguments give equal bodies, whatever the path.</summary>
    /// <param name="server">Whose they are.</param>
    /// <param name="path">Path of the endpoint.</param>
    /// <param name="opportunities">How many each is about; 0 for the body of a single prediction.</param>
    public static byte[][] To(Uri server, string path, int opportunities)
    {
        var random = SplitMix64.Stream(1, $"requests of {opportunities}");
        var requests = new byte[Bodies][];
        for (int i = 0; i < Bodies; i++)
        {
            string body = opportunities == 0
                ? Opportunity(ref random)
                : $$"""{"opportunities":[{{Opportunities(opportunities, ref random)}}],"threshold":0.8}""";
            requests[i] = Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        }
        return requests;
    }

    private static string Opportunities(int count, ref SplitMix64 random)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) text.Append(i == 0 ? "" : ",").Append(Opportunity(ref random));
        return text.ToString();
    }

    private static string Opportunity(ref SplitMix64 random)
    {
        double profit = 40 * random.NextDouble() - 10, confidence = random.NextDouble();
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"route_id":"usdc_usdt_2hop","tokens":["USDC","USDT","USDC"],"dexes":["quickswap","sushiswap"],"input_amount":1000.0,"expected_output":{{1000 + profit + random.NextDouble():0.00}},"gas_estimate":350000,"profit_usd":{{profit:0.00}},"confidence_score":{{confidence:0.00}},"chain":"polygon"}""");
    }
}
