using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace QuadTurbo.Trading.Features;

/// <summary>One column of the model input.</summary>
/// <param name="Name">Public name.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Low">Values below are clipped to this.</param>
/// <param name="High">Values above are clipped to this.</param>
public sealed record Feature(string Name, string Unit, float Low, float High);

/// <summary>The 32 named inputs of every model, in order; a change of any of them is a new version with a new hash.</summary>
/// <remarks>
/// Books, route and clock alone go in (never an outcome), so detection can compute them and training reads the very same values.
/// A value that is not known is NaN, never 0. AI-02 of the requirements; groups of learning.md section 0.
/// </remarks>
public static class FeatureSchema
{
    /// <summary>How many features there are.</summary>
    public const int Count = 32;

    /// <summary>Version of the schema.</summary>
    public const string Version = "1";

    /// <summary>The columns in order.</summary>
    public static IReadOnlyList<Feature> Columns { get; } =
    [
        // Edge and costs
        new("gross_edge_bps", "bps", -500, 500),
        new("fee_bps", "bps", 0, 500),
        new("net_edge_bps", "bps", -500, 500),
        new("edge_to_cost", "ratio", -20, 20),
        new("edge_change_bps", "bps", -500, 500),
        new("edge_persistence", "instants", 0, 100),
        // Route
        new("directional", "0|1", 0, 1),
        new("side", "-1|0|1", -1, 1),
        new("runner", "0|1", 0, 1),
        new("joined_quotes", "0|1", 0, 1),
        // Liquidity
        new("buy_spread_bps", "bps", 0, 500),
        new("sell_spread_bps", "bps", 0, 500),
        new("buy_touch_ratio", "touch size / order size, log2", -10, 20),
        new("sell_touch_ratio", "touch size / order size, log2", -10, 20),
        new("buy_imbalance", "(bid size - ask size) / sum", -1, 1),
        new("sell_imbalance", "(bid size - ask size) / sum", -1, 1),
        new("imbalance_product", "buy x sell", -1, 1),
        new("volume_ratio", "volume / usual volume", 0, 50),
        // Clock
        new("hour_sin", "1", -1, 1),
        new("hour_cos", "1", -1, 1),
        new("buy_quote_age_s", "s", 0, 60),
        new("sell_quote_age_s", "s", 0, 60),
        // Dynamics of the mid price of the bought side
        new("return_1_bps", "bps", -500, 500),
        new("return_5_bps", "bps", -500, 500),
        new("return_15_bps", "bps", -500, 500),
        new("volatility_bps", "bps per observation", 0, 500),
        new("volatility_ratio", "now / usual", 0, 20),
        new("sell_return_1_bps", "bps", -500, 500),
        new("sell_volatility_bps", "bps per observation", 0, 500),
        new("efficiency_ratio", "|sum of returns| / sum of |returns|", 0, 1),
        // Judgement at detection
        new("regime", "0 unknown, 1 range, 2 trend, 3 panic", 0, 3),
        new("confidence", "0..1", 0, 1),
    ];

    /// <summary>SHA-256 over version, names, units, clips and order, lower-case hex: a model trained on another schema is refused.</summary>
    public static string Hash { get; } = ComputeHash();

    /// <summary>The position of a column.</summary>
    /// <exception cref="ArgumentException">There is no such feature.</exception>
    public static int IndexOf(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (Columns[i].Name == name) return i;
        throw new ArgumentException($"feature '{name}' is not one of the {Count} of schema {Version}", nameof(name));
    }

    /// <summary><paramref name="value"/> within the limits of its column; NaN stays NaN.</summary>
    public static float Clip(int column, double value)
    {
        Feature feature = Columns[column];
        return double.IsNaN(value) ? float.NaN : Math.Clamp((float)value, feature.Low, feature.High);
    }

    private static string ComputeHash()
    {
        var text = new StringBuilder(Version);
        foreach (Feature f in Columns)
            text.Append(CultureInfo.InvariantCulture, $"\n{f.Name}|{f.Unit}|{f.Low:R}|{f.High:R}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
