using Microsoft.Extensions.Logging.Abstractions;
using QuadTurbo.Inference.Serving;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Services.Tests.Inference;

/// <summary>Packages to serve.</summary>
internal static class Packages
{
    /// <summary>Two logistic voices of weights 0.6 and 0.4; the second needs <paramref name="onnxNeeds"/>, or has no score.</summary>
    public static ModelPackage Ensemble(string label = "v1.4.0", string onnxNeeds = "net_edge_bps", VotingStrategy strategy = VotingStrategy.Weighted)
    {
        var trees = new LogisticHead(0.1, [new LogisticTerm("net_edge_bps", 5, 0.05, MissingRule.Neutral), new LogisticTerm("hour_sin", 0, 1, MissingRule.Neutral)], samples: 100);
        var network = new LogisticHead(-0.2, [new LogisticTerm(onnxNeeds, 3, 0.02, MissingRule.Unknown)], samples: 100);
        var head = new EnsembleHead(
            [new EnsembleMember(EnsembleHead.Trees, "v1.2.0", trees), new EnsembleMember(EnsembleHead.Network, "v1.3.0", network)], new Ballot(strategy, 0.6, 0.4));
        return Of(label, head);
    }

    /// <summary>Boosted trees and an ONNX network, both of <paramref name="seed"/>, whose labels are v<i>seed</i>.1.0 and v<i>seed</i>.2.0.</summary>
    /// <param name="seed">Of trees and weights.</param>
    /// <param name="calibrated">Whether the network has a calibrator; it reads log-odds, so near 0 and 1 it makes much of the last bit.</param>
    public static ModelPackage TreesAndNetwork(int seed, bool calibrated = true)
    {
        var trees = new TreesHead(DrawnTrees(seed), new Platt(0.6, 0.1), samples: 1000);
        var network = new OnnxHead(OnnxNetwork.Write(seed), calibrated ? new Platt(0.3, -0.2) : null, samples: 1000);
        return Of($"v{seed}.0.0", new EnsembleHead(
            [new EnsembleMember(EnsembleHead.Trees, $"v{seed}.1.0", trees), new EnsembleMember(EnsembleHead.Network, $"v{seed}.2.0", network)],
            new Ballot(VotingStrategy.Weighted, 0.6, 0.4)));
    }

    /// <summary>What the registry says of <paramref name="package"/>.</summary>
    public static ModelAssigned Assigned(ModelPackage package, double share = ModelAssigned.All) =>
        new() { Model = package.Ref, Package = package.Bytes, Why = "a test says so", Share = share };

    /// <summary>A model that the baseline serves, without a worker for second opinions.</summary>
    public static InferenceModel NewModel(SecondOpinions? opinions = null) => new(opinions ?? NewOpinions(), TimeProvider.System, NullLogger<InferenceModel>.Instance);

    /// <summary>Second opinions whose worker is not started.</summary>
    public static SecondOpinions NewOpinions() => new(NullLogger<SecondOpinions>.Instance);

    // 30 whole trees of depth 4; half of the splits read what a request tells.
    private static TreeEnsemble DrawnTrees(int seed)
    {
        var random = SplitMix64.Stream(seed, "drawn trees");
        int[] told = [.. new[] { "gross_edge_bps", "net_edge_bps", "confidence", "hour_sin" }.Select(FeatureSchema.IndexOf)];
        var trees = new TreeNode[30][];
        for (int t = 0; t < trees.Length; t++)
        {
            const int splits = 15, leaves = 16;
            trees[t] = new TreeNode[splits + leaves];
            for (int n = 0; n < splits; n++)
            {
                int feature = random.NextInt(2) == 0 ? told[random.NextInt(told.Length)] : random.NextInt(FeatureSchema.Count);
                trees[t][n] = new TreeNode(feature, (float)(20 * random.NextNormal()), 2 * n + 1, 2 * n + 2, random.NextInt(2) == 0, 0, 1, 2);
            }
            for (int n = splits; n < splits + leaves; n++) trees[t][n] = TreeNode.Leaf((float)(0.3 * random.NextNormal()), 1);
        }
        return new TreeEnsemble(Objective.Logistic, FeatureSchema.Count, 0, trees);
    }

    /// <summary>One head under a label.</summary>
    public static ModelPackage Of(string label, ModelHead head) =>
        ModelPackage.Create(new ModelManifest { Label = label, Ordinal = 7, Kind = "ensemble", Samples = 100, Seed = 1 }, head, head);
}
