namespace QuadTurbo.Trading.Markets;

/// <summary>The currency in which a symbol's profit is counted.</summary>
public static class Currency
{
    /// <summary>The currency of the accounts.</summary>
    public const string Base = "USD";

    private static readonly string[] Quotes = ["USDT", "USDC", "BUSD", "USD", "EUR", "GBP", "BTC", "ETH"];

    /// <summary>Whether profit of <paramref name="symbol"/> is counted in the currency of the accounts.</summary>
    public static bool IsBase(string symbol)
    {
        ReadOnlySpan<char> pair = symbol.EndsWith("-PERP", StringComparison.Ordinal) ? symbol.AsSpan(0, symbol.Length - 5) : symbol;
        int dash = pair.LastIndexOf('-');
        return dash >= 0 ? pair[(dash + 1)..].SequenceEqual(Base) : pair.EndsWith(Base, StringComparison.Ordinal);
    }

    /// <summary>The quote currency of <paramref name="symbol"/>: BTC-USDT → USDT, BTCUSD-PERP → USD; <c>unknown</c> when it cannot be told.</summary>
    public static string Of(string symbol)
    {
        string pair = symbol.EndsWith("-PERP", StringComparison.Ordinal) ? symbol[..^5] : symbol;
        int dash = pair.LastIndexOf('-');
        if (dash >= 0) return pair[(dash + 1)..];
        return Array.Find(Quotes, quote => pair.EndsWith(quote, StringComparison.Ordinal)) ?? "unknown";
    }
}
