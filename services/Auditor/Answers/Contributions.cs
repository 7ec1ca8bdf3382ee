using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Online;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Answers;

/// <summary>What each feature adds to the log-odds of one score: Base + Σ Parts = log-odds of the score.</summary>
/// <remarks>
/// A linear model's are weight × (value − centre), an online model's the weights of the bin and of the standardised value, of trees TreeSHAP of the margin.
/// Where a calibrator bends the margin, the parts are stretched by one factor so that they still sum to the log-odds of the score. A vote of several
/// learners has no such parts.
/// </remarks>
/// <param name="Base">Log-odds when nothing is known, or every term is at its centre.</param>
/// <param name="Parts">By column of <see cref="FeatureSchema"/>; 0 for what the model does not read.</param>
internal sealed record Contributions(double Base, IReadOnlyList<double> Parts)
{
    private const double Least = 1e-9;

    /// <summary>Those of <paramref name="decision"/> by <paramref name="package"/>; null where the model cannot tell.</summary>
    public static Contributions? Of(ModelPackage package, Decision decision)
    {
        if (double.IsNaN(decision.Score)) return null;
        ReadOnlySpan<float> row = decision.Opportunity.ReadFeatures();
        return (decision.Opportunity.Kind == OpportunityKind.CrossVenue ? package.CrossVenue : package.Directional) switch
        {
            LogisticHead linear => Linear(linear, row),
            FtrlHead online => Online(online.Model, row),
            TreesHead trees => Trees(trees, row),
            _ => null,
        };
    }

    private static Contributions Linear(LogisticHead head, ReadOnlySpan<float> row)
    {
        double[] parts = new double[FeatureSchema.Count];
        foreach (LogisticTerm term in head.Terms)
        {
            int column = FeatureSchema.IndexOf(term.Feature);
            if (float.IsFinite(row[column])) parts[column] += term.Weight * (row[column] - term.Centre);
        }
        return new Contributions(head.Bias, parts);
    }

    private static Contributions Online(BinnedLogistic model, ReadOnlySpan<float> row)
    {
        IReadOnlyList<BinnedFeature> features = model.Features;
        double[] parts = new double[FeatureSchema.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            (BinnedFeature feature, float value) = (features[i], row[i]);
            bool known = float.IsFinite(value);
            double z = known ? Math.Clamp((value - feature.Mean) * feature.InverseDeviation, -BinnedLogistic.MostDeviations, BinnedLogistic.MostDeviations) : 0;
            parts[i] = feature.BinWeights[known ? 1 + feature.Cuts.Count(cut => cut <= value) : 0] + feature.RawWeight * z;
        }
        return new Contributions(model.Bias, parts);
    }

    private static Contributions? Trees(TreesHead head, ReadOnlySpan<float> row)
    {
        if (head.Calibrator is not { } calibrator) return null;
        var shap = new TreeShap(head.Ensemble);
        double[] parts = new double[FeatureSchema.Count];
        shap.Explain(row, parts);
        double moved = parts.Sum(), from = Logit(calibrator.Apply(shap.BaseValue)), to = Logit(head.Score(row));
        if (!double.IsFinite(from) || !double.IsFinite(to)) return null;
        // A margin that the features do not move at all leaves nothing to share out.
        double stretch = Math.Abs(moved) > Least ? (to - from) / moved : 0;
        return new Contributions(stretch == 0 ? to : from, [.. parts.Select(p => p * stretch)]);
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
