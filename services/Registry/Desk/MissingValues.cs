using QuadTurbo.Learning.Numerics;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Registry.Desk;

/// <summary>What a model makes of rows that lack values, as nearly all do: what is not known is NaN, never 0.</summary>
internal static class MissingValues
{
    private const int Rows = 64, Seed = 32;

    // What the most telling request knows; all else is missing.
    private static readonly int[] Requested =
    [
        .. ((string[])["gross_edge_bps", "fee_bps", "net_edge_bps", "edge_to_cost", "directional", "side", "runner", "hour_sin", "hour_cos", "confidence"])
            .Select(FeatureSchema.IndexOf),
    ];

    /// <summary>What to tell people of a model that gives no number where values are missing; null for one that always gives one.</summary>
    /// <remarks>Tried on seeded rows between the bounds of the schema: as a request to predict knows them, and each feature missing alone.</remarks>
    public static string? Caution(ModelHead head)
    {
        var random = new SplitMix64(Seed);
        int silent = 0;
        for (int r = 0; r < Rows; r++)
            if (!Scores(head, ref random, f => !Requested.Contains(f))) silent++;
        var needed = new List<string>();
        for (int f = 0; f < FeatureSchema.Count; f++)
            if (!Scores(head, ref random, missing => missing == f)) needed.Add(FeatureSchema.Columns[f].Name);
        if (silent == 0 && needed.Count == 0) return null;
        string without = needed.Count == FeatureSchema.Count ? "any one feature" : string.Join(", ", needed);
        return $"It gives no score where values are missing (NaN): of {Rows} rows that know what a request to predict tells, {silent} have none"
            + (needed.Count > 0 ? $", nor has a row without {without}" : "") + ". Such rows are answered with score null.";
    }

    private static bool Scores(ModelHead head, ref SplitMix64 random, Func<int, bool> missing)
    {
        var row = new float[FeatureSchema.Count];
        for (int f = 0; f < row.Length; f++)
        {
            Feature feature = FeatureSchema.Columns[f];
            float value = (float)(feature.Low + (feature.High - feature.Low) * random.NextDouble());
            row[f] = missing(f) ? float.NaN : value;
        }
        return double.IsFinite(head.Score(row));
    }
}
