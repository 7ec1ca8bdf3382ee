using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;

namespace QuadTurbo.Benchmarks;

/// <summary>The models of the serving bars.</summary>
internal static class ServingModels
{
    private const int Samples = 100_000;

    /// <summary>Model G, calibrated: 100 trees of depth 6, fitted to TAB(100,000).</summary>
    public static ModelPackage Trees(long seed) => Package(seed, "trees", Fit(seed));

    /// <summary>Model G and a network of 32, 64 and 1 units, which vote by 0.6 and 0.4.</summary>
    public static ModelPackage Ensemble(long seed)
    {
        var network = new OnnxHead(OnnxNetwork.Write(seed), null, Samples);
        EnsembleMember[] members = [new(EnsembleHead.Trees, "v1.0.0", Fit(seed)), new(EnsembleHead.Network, "v1.0.0", network)];
        return Package(seed, "ensemble", new EnsembleHead(members, new Ballot(VotingStrategy.Weighted, 0.6, 0.4)));
    }

    private static TreesHead Fit(long seed) =>
        new(Booster.Fit(TabularWorld.Rows(Samples, seed), new BoostingOptions { Growth = Growth.DepthWise }).Ensemble, new Platt(1, 0), Samples);

    private static ModelPackage Package(long seed, string kind, ModelHead head) =>
        ModelPackage.Create(new ModelManifest { Label = $"v1.{seed}.0", Ordinal = (int)seed, Kind = kind, Samples = Samples, Seed = seed }, head, head);
}
