using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Libs.Tests.Scoring.Voting;

public class EnsembleHeadTests
{
    private static readonly LogisticHead Edge = new(0.1, [new LogisticTerm("net_edge_bps", 1, 0.2, MissingRule.Unknown)], samples: 50);

    private static readonly TreesHead Trees = new(
        new TreeEnsemble(Objective.Logistic, FeatureSchema.Count, 0, [[new TreeNode(0, 0, 1, 2, false, 0, 1, 2), TreeNode.Leaf(-1, 1), TreeNode.Leaf(1, 1)]]),
        Identity.Instance, samples: 100, VennAbers.Fit([-1, -1, 1, 1], [false, false, true, true]).ToTable());

    [Fact]
    public void An_ensemble_says_what_its_ballot_makes_of_its_members()
    {
        EnsembleHead ensemble = Of(VotingStrategy.Weighted);
        foreach (Opportunity opportunity in Example.Opportunities(100))
        {
            double trees = Trees.Score(opportunity.ReadFeatures()), edge = Edge.Score(opportunity.ReadFeatures());

            Assert.Equal(double.IsNaN(edge) ? trees : 0.6 * trees + 0.4 * edge, ensemble.Score(opportunity.ReadFeatures()), 1e-12);
            Assert.Equal(
                new ModelAnswer(ensemble.Score(opportunity.ReadFeatures()), ensemble.Score(opportunity.ReadFeatures()), Trees.Answer(opportunity.ReadFeatures()).Confidence),
                ensemble.Answer(opportunity.ReadFeatures()));
        }
    }

    [Theory]
    [InlineData(VotingStrategy.Weighted)]
    [InlineData(VotingStrategy.Majority)]
    [InlineData(VotingStrategy.Unanimous)]
    public void A_package_keeps_members_versions_and_ballot(VotingStrategy strategy)
    {
        ModelPackage package = Package(Of(strategy));
        var read = Assert.IsType<EnsembleHead>(ModelPackage.Load(package.Bytes, package.Ref).CrossVenue);

        Assert.Equal(strategy, read.Ballot.Strategy);
        Assert.Equal([0.6, 0.4], read.Ballot.Weights.ToArray());
        Assert.Equal([("xgboost", "v1.2.0"), ("onnx", "v1.0.0")], read.Members.Select(m => (m.Name, m.Version)));
        Assert.All(Example.Opportunities(50), o => Assert.Equal(Of(strategy).Score(o.ReadFeatures()), read.Score(o.ReadFeatures())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void A_member_has_the_same_bits_in_a_batch_and_alone(int count)
    {
        EnsembleHead ensemble = Of(VotingStrategy.Weighted);
        Opportunity[] opportunities = Example.Opportunities(count);
        float[] rows = [.. opportunities.SelectMany(o => o.ReadFeatures().ToArray())];
        var scores = new double[2 * count];

        ensemble.ScoreMembers(rows, scores);

        double[] alone = new double[2];
        for (int i = 0; i < count; i++)
        {
            ensemble.Poll(opportunities[i].ReadFeatures(), alone);
            Assert.Equal(alone, new[] { scores[i], scores[count + i] });
        }
    }

    [Fact]
    public void What_is_no_ensemble_is_refused()
    {
        var trees = new EnsembleMember("xgboost", "v1.0.0", Trees);
        var half = new Ballot(VotingStrategy.Weighted, 0.5, 0.5);

        Assert.Throws<ArgumentException>(() => new EnsembleHead([], half));
        Assert.Throws<ArgumentException>(() => new EnsembleHead([trees], half));
        Assert.Throws<ArgumentException>(() => new EnsembleHead([trees, trees], half));
        Assert.Throws<ArgumentException>(() => new EnsembleHead([trees, new EnsembleMember("onnx", "v1.0.0", Of(VotingStrategy.Weighted))], half));
        Assert.Throws<ArgumentException>(() => Trees.Score(new float[33], new double[1]));
    }

    [Fact]
    public void Polling_and_batches_allocate_nothing()
    {
        EnsembleHead ensemble = Of(VotingStrategy.Majority);
        var rows = new float[64 * FeatureSchema.Count];
        var scores = new double[2 * 64];
        Once();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Once();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            ensemble.ScoreMembers(rows, scores);
            ensemble.Poll(rows.AsSpan(0, FeatureSchema.Count), scores.AsSpan(0, 2));
        }
    }

    private static EnsembleHead Of(VotingStrategy strategy) =>
        new([new EnsembleMember(EnsembleHead.Trees, "v1.2.0", Trees), new EnsembleMember(EnsembleHead.Network, "v1.0.0", Edge)], new Ballot(strategy, 0.6, 0.4));

    private static ModelPackage Package(ModelHead head) => ModelPackage.Create(
        new ModelManifest { Label = "v1.2.1", Ordinal = 9, Kind = "ensemble", Samples = 100, Seed = 0 }, head, ModelPackage.Baseline.Directional);
}
