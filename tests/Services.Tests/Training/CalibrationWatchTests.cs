using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Evaluation;

namespace QuadTurbo.Services.Tests.Training;

public class CalibrationWatchTests
{
    private static readonly DateTime Start = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    // One feature tells: margin -1 below 0, +1 from 0 on.
    private static readonly TreesHead Head = new(
        new TreeEnsemble(Objective.Logistic, FeatureSchema.Count, 0, [[new TreeNode(0, 0, 1, 2, false, 0, 1, 2), TreeNode.Leaf(-1, 1), TreeNode.Leaf(1, 1)]]),
        Identity.Instance, samples: 1_000);

    private static readonly ModelPackage Package = ModelPackage.Create(
        new ModelManifest { Label = "v0.2.1", Ordinal = 1, Kind = "trees", Samples = 1_000, Seed = 0 }, Head, ModelPackage.Baseline.Directional);

    [Fact]
    public void Probabilities_that_come_true_are_left_alone()
    {
        Assert.Null(Refitted(shift: 0, outcomes: 3_000));
    }

    [Fact]
    public void When_outcomes_stray_the_calibrator_is_fitted_again_and_the_trees_are_not()
    {
        TreesHead refitted = Assert.IsType<TreesHead>(Refitted(shift: -1.5, outcomes: 3_000));

        Assert.Equal(Head.Ensemble.ToBytes(), refitted.Ensemble.ToBytes());
        Platt platt = Assert.IsType<Platt>(refitted.Calibrator);
        Assert.InRange(platt.B, -2, -1);
    }

    [Fact]
    public void A_model_of_another_kind_and_outcomes_from_before_it_served_are_not_watched()
    {
        Assert.Null(Refitted(shift: -1.5, outcomes: 3_000, kind: OpportunityKind.Directional));
        Assert.Null(Refitted(shift: -1.5, outcomes: 3_000, since: Start.AddDays(1)));
    }

    private static TreesHead? Refitted(double shift, int outcomes, OpportunityKind kind = OpportunityKind.CrossVenue, DateTime? since = null)
    {
        var watch = new CalibrationWatch(kind, bandBps: 0.5);
        watch.Serve(Package, since ?? Start);
        SplitMix64 random = SplitMix64.Stream(5, "calibration");
        for (int i = 0; i < outcomes; i++)
        {
            FeatureVector features = FeatureVector.Unknown;
            features[0] = (float)random.NextNormal();
            bool won = random.NextDouble() < 1 / (1 + Math.Exp(-(features[0] < 0 ? -1 : 1) - shift));
            var sample = new Sample
            {
                Id = new OpportunityId(1, (ulong)i),
                Kind = kind,
                DecidedAt = Start.AddSeconds(i),
                KnownAt = Start.AddSeconds(i + 1),
                Features = features,
                Score = 0.5,
                NetBps = won ? 5 : -5,
                Won = won,
                SlippageBps = 0,
                Lane = Lane.ShadowSim,
            };
            if (watch.Add(sample) is { } head) return head;
        }
        return null;
    }
}
