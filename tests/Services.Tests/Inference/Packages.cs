using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;

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

    /// <summary>One head under a label.</summary>
    public static ModelPackage Of(string label, ModelHead head) =>
        ModelPackage.Create(new ModelManifest { Label = label, Ordinal = 7, Kind = "ensemble", Samples = 100, Seed = 1 }, head, head);
}
