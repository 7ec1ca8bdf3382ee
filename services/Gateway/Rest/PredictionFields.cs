using System.Text;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Gateway.Rest;

/// <summary>The fields of an opportunity in a request for a prediction, and their limits.</summary>
internal static class PredictionFields
{
    /// <summary>Most opportunities of a request.</summary>
    public const int MostOpportunities = 10_000;

    /// <summary>Most bytes of the body of a batch.</summary>
    public const long BatchBodyBytes = 8 << 20;

    /// <summary>Most bytes of a route id, as it is written.</summary>
    public const int MostRouteIdBytes = 256;

    /// <summary>Most bytes of the name of a token or an exchange.</summary>
    public const int MostNameBytes = 64;

    /// <summary>Fewest and most tokens of a route.</summary>
    public const int LeastTokens = 2, MostTokens = 16;

    /// <summary>Most exchanges of a route.</summary>
    public const int MostDexes = 16;

    /// <summary>Most that an amount may be, and least and most that a profit may be.</summary>
    public const double MostAmount = 1e18, MostProfit = 1e15;

    /// <summary>Least that goes in.</summary>
    public const double LeastInput = 1e-18;

    /// <summary>Most gas units.</summary>
    public const long MostGas = 1_000_000_000;

    /// <summary>Last second that a timestamp may be: the end of 2099, UTC.</summary>
    public const double LastSecond = 4_102_444_799;

    /// <summary>The names, at the index of their bit.</summary>
    public static readonly string[] Names =
        ["route_id", "tokens", "dexes", "input_amount", "expected_output", "gas_estimate", "profit_usd", "confidence_score", "chain", "timestamp", "threshold", "use_gpu"];

    /// <summary>Index of a field.</summary>
    public const int RouteId = 0, Tokens = 1, Dexes = 2, InputAmount = 3, ExpectedOutput = 4, GasEstimate = 5, ProfitUsd = 6, ConfidenceScore = 7, ChainName = 8,
        Timestamp = 9, Threshold = 10, UseGpu = 11;

    /// <summary>The bits of the nine fields that must be there.</summary>
    public const uint Required = (1u << Timestamp) - 1;

    /// <summary>The chains, in words.</summary>
    public static readonly string Chains = string.Join(", ", Enum.GetNames<Chain>().Select(c => c.ToUpperInvariant()));

    private static readonly byte[][] ChainNames = [.. Enum.GetNames<Chain>().Select(Encoding.ASCII.GetBytes)];

    // Tokens that are taken for one dollar each.
    private static readonly byte[][] Dollars =
        [.. new[] { "USD", "USDC", "USDC.e", "USDT", "USDT0", "DAI", "BUSD", "TUSD", "FRAX", "USDP", "USDD", "LUSD", "GUSD", "FDUSD", "PYUSD" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The field that an opportunity's member is; −1 for none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 => name.SequenceEqual("dexes"u8) ? Dexes : name.SequenceEqual("chain"u8) ? ChainName : -1,
        6 => name.SequenceEqual("tokens"u8) ? Tokens : -1,
        7 => name.SequenceEqual("use_gpu"u8) ? UseGpu : -1,
        8 => name.SequenceEqual("route_id"u8) ? RouteId : -1,
        9 => name.SequenceEqual("timestamp"u8) ? Timestamp : name.SequenceEqual("threshold"u8) ? Threshold : -1,
        10 => name.SequenceEqual("profit_usd"u8) ? ProfitUsd : -1,
        12 => name.SequenceEqual("input_amount"u8) ? InputAmount : name.SequenceEqual("gas_estimate"u8) ? GasEstimate : -1,
        15 => name.SequenceEqual("expected_output"u8) ? ExpectedOutput : -1,
        16 => name.SequenceEqual("confidence_score"u8) ? ConfidenceScore : -1,
        _ => -1,
    };

    /// <summary>The chain of that name, in any case.</summary>
    public static bool TryChain(ReadOnlySpan<byte> name, out Chain chain)
    {
        for (int i = 0; i < ChainNames.Length; i++)
        {
            chain = (Chain)i;
            if (Ascii.EqualsIgnoreCase(name, ChainNames[i])) return true;
        }
        chain = default;
        return false;
    }

    /// <summary>What a route's first and last token tell of its amounts.</summary>
    public static RouteShape ShapeOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last)
    {
        bool dollars = IsDollar(first);
        bool closed = first.SequenceEqual(last) || Ascii.EqualsIgnoreCase(first, last) || (dollars && IsDollar(last));
        return (closed ? RouteShape.Closed : RouteShape.Open) | (dollars ? RouteShape.FromDollars : RouteShape.Open);
    }

    private static bool IsDollar(ReadOnlySpan<byte> token)
    {
        if (token.Length > 6) return false;
        foreach (byte[] dollar in Dollars)
            if (Ascii.EqualsIgnoreCase(token, dollar)) return true;
        return false;
    }
}
