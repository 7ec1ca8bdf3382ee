using System.Collections.Frozen;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Scoring;

/// <summary>What the fields of a request tell of the 32 features; everything else is NaN: what is not known is never 0.</summary>
/// <remarks>
/// gross_edge_bps = (expected_output / input_amount − 1) × 10⁴ where the route ends in the currency that it began in; all dollar tokens are one currency.
/// net_edge_bps = the lesser of that and profit_usd / input_amount × 10⁴: a profit that the amounts do not cover is not believed. Where the route begins
/// in another currency the profit in USD cannot be compared, and the gross edge stands alone: a quoted output is after the pools' fees.
/// fee_bps = gross − net where both are known and it is above 0: a caller who took nothing off has not said what it costs.
/// directional, side and runner are 0: a request is a route, never a direction. hour_sin and hour_cos are those of <c>timestamp</c>, if there is one.
/// </remarks>
internal static class RequestFeatures
{
    private const double BasisPoints = 1e4;
    // Less than this between two edges is the rounding of amounts, not a cost [bps].
    private const double LeastFee = 1e-6;
    private const int MinutesPerDay = 24 * 60;

    private static readonly int Gross = FeatureSchema.IndexOf("gross_edge_bps");
    private static readonly int Fee = FeatureSchema.IndexOf("fee_bps");
    private static readonly int Net = FeatureSchema.IndexOf("net_edge_bps");
    private static readonly int EdgeToCost = FeatureSchema.IndexOf("edge_to_cost");
    private static readonly int Directional = FeatureSchema.IndexOf("directional");
    private static readonly int Side = FeatureSchema.IndexOf("side");
    private static readonly int Runner = FeatureSchema.IndexOf("runner");
    private static readonly int HourSin = FeatureSchema.IndexOf("hour_sin");
    private static readonly int HourCos = FeatureSchema.IndexOf("hour_cos");
    private static readonly int Confidence = FeatureSchema.IndexOf("confidence");

    private static readonly string[] Edges = ["gross_edge_bps", "fee_bps", "net_edge_bps", "edge_to_cost"];

    /// <summary>The fields of an opportunity, in the order of SERV-02, and the features that each feeds.</summary>
    public static IReadOnlyList<(string Field, IReadOnlyList<string> Features)> Fields { get; } =
    [
        ("route_id", []),
        ("tokens", Edges),
        ("dexes", []),
        ("input_amount", Edges),
        ("expected_output", Edges),
        ("gas_estimate", []),
        ("profit_usd", ["net_edge_bps", "fee_bps", "edge_to_cost"]),
        ("confidence_score", ["confidence"]),
        ("chain", []),
        ("timestamp", ["hour_sin", "hour_cos"]),
    ];

    /// <summary><see cref="Fields"/> by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByField { get; } =
        Fields.ToFrozenDictionary(f => f.Field, f => f.Features, StringComparer.Ordinal);

    /// <summary>Fills one row from one opportunity; allocates nothing.</summary>
    /// <param name="input">The opportunity.</param>
    /// <param name="row">[32], filled.</param>
    /// <returns>Bit i is set when feature i is not known.</returns>
    public static uint Fill(in PredictionInput input, Span<float> row)
    {
        row.Fill(float.NaN);
        uint known = 0;
        bool closed = (input.Shape & RouteShape.Closed) != 0, dollars = (input.Shape & RouteShape.FromDollars) != 0;
        double gross = closed ? (input.ExpectedOutput / input.InputAmount - 1) * BasisPoints : double.NaN;
        double believed = dollars ? input.ProfitUsd / input.InputAmount * BasisPoints : double.NaN;
        double net = double.IsNaN(believed) ? gross : gross < believed ? gross : believed;
        double fee = gross - net > LeastFee ? gross - net : double.NaN;
        Put(row, Gross, gross, ref known);
        Put(row, Fee, fee, ref known);
        Put(row, Net, net, ref known);
        Put(row, EdgeToCost, gross / fee, ref known);
        Put(row, Directional, 0, ref known);
        Put(row, Side, 0, ref known);
        Put(row, Runner, 0, ref known);
        Put(row, Confidence, input.Confidence, ref known);
        if (!double.IsNaN(input.Timestamp))
        {
            double minute = Math.Floor(input.Timestamp / 60) % MinutesPerDay;
            (double sin, double cos) = Math.SinCos(2 * Math.PI * minute / MinutesPerDay);
            Put(row, HourSin, sin, ref known);
            Put(row, HourCos, cos, ref known);
        }
        return ~known;
    }

    private static void Put(Span<float> row, int column, double value, ref uint known)
    {
        if (double.IsNaN(value)) return;
        row[column] = FeatureSchema.Clip(column, value);
        known |= 1u << column;
    }
}
