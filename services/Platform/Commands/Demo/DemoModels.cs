using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Small models of a user's own, fitted to made-up rows of net edge and confidence by a fixed seed: the same bytes at every run.</summary>
internal static class DemoModels
{
    private const int Samples = 4_000;
    private const int Bins = 8;
    private const double TreesWeight = 0.5, NetworkWeight = 0.3, PriorWeight = 0.2;
    private static readonly int Net = FeatureSchema.IndexOf("net_edge_bps"), Confidence = FeatureSchema.IndexOf("confidence");
    private static readonly Lazy<(TreeEnsemble Trees, byte[] Onnx)> Fitted = new(Fit);

    /// <summary>A logistic regression of columns cut into bins, as an .onnx file.</summary>
    public static ReadOnlyMemory<byte> Onnx => Fitted.Value.Onnx;

    /// <summary>A package of three who vote: boosted trees, the ONNX file, and the rule of thumb that serves before any model is trained.</summary>
    public static ReadOnlyMemory<byte> Ensemble(VotingStrategy strategy)
    {
        var head = new EnsembleHead(
            [
                new EnsembleMember(EnsembleHead.Trees, "v1.0.0", new TreesHead(Fitted.Value.Trees, Identity.Instance, Samples)),
                new EnsembleMember(EnsembleHead.Network, "v1.0.0", new OnnxHead(Fitted.Value.Onnx, calibrator: null, Samples)),
                new EnsembleMember("prior", "v0.1.0", ModelPackage.Baseline.CrossVenue),
            ],
            new Ballot(strategy, TreesWeight, NetworkWeight, PriorWeight));
        var manifest = new ModelManifest
        {
            Label = "v0.0.1",
            Ordinal = 0,
            Kind = "ensemble",
            Samples = Samples,
            Seed = 0,
            Notes = "Made for a demonstration, from made-up rows: it has learnt nothing of any market.",
        };
        return ModelPackage.Create(manifest, head, ModelPackage.Baseline.Directional).Bytes;
    }

    // A win is likely with an edge, likelier with confidence, and most where both are high: that is what trees see and a regression does not.
    private static (TreeEnsemble Trees, byte[] Onnx) Fit()
    {
        var random = SplitMix64.Stream(0, "demonstration");
        var rows = new float[Samples * FeatureSchema.Count];
        var wins = new bool[Samples];
        Array.Fill(rows, float.NaN);
        for (int i = 0; i < Samples; i++)
        {
            double net = 20 * random.NextDouble() - 8, confidence = 0.3 + 0.7 * random.NextDouble();
            double logit = 0.18 * (net - 3) + 2.5 * (confidence - 0.6) + (net > 4 && confidence > 0.65 ? 1.5 : -0.5);
            rows[i * FeatureSchema.Count + Net] = (float)net;
            rows[i * FeatureSchema.Count + Confidence] = (float)confidence;
            wins[i] = random.NextDouble() < 1 / (1 + Math.Exp(-logit));
        }
        TreeEnsemble trees = Booster.Fit(
            new TrainingRows(rows, FeatureSchema.Count, Array.ConvertAll(wins, w => w ? 1f : 0f)),
            new BoostingOptions { Rounds = 60, MaxDepth = 3, MinLeafRows = 20 }).Ensemble;
        OneHotBins bins = OneHotBins.Fit(rows, FeatureSchema.Count, Bins);
        return (trees, OnnxLogistic.Write(bins, LogisticRegression.Fit(bins.Transform(rows), bins.Width, wins)));
    }
}
