using QuadTurbo.Learning.Numerics;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Evaluation;
using QuadTurbo.Training.Trainers;
using Xunit.Abstractions;

namespace QuadTurbo.Services.Tests.Training;

/// <summary>A retrain finds what is there, and neither noise nor a column from the future gets past it.</summary>
public sealed class HonestyTests(ITestOutputHelper output)
{
    private const int Rows = 1_500;
    private static readonly DateTime Start = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);
    private static readonly int Edge = FeatureSchema.IndexOf("net_edge_bps");
    private static readonly int[] Told = [FeatureSchema.IndexOf("buy_imbalance"), FeatureSchema.IndexOf("return_1_bps"), FeatureSchema.IndexOf("volatility_ratio")];
    private static readonly int Leak = FeatureSchema.IndexOf("efficiency_ratio");

    [Fact]
    public void Permuted_labels_do_not_make_a_model_ready() => Assert.InRange(ReadyOfNull(20), 0, 3);

    [Fact]
    [Trait("Category", "Long")]
    public void Of_200_models_of_permuted_labels_at_most_one_in_twenty_is_ready() => Assert.InRange(ReadyOfNull(200), 0, 10);

    [Fact]
    public void A_column_from_the_future_is_flagged_and_keeps_the_model_from_serving_every_time()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            Sample[] samples = World(seed);
            SplitMix64 noise = SplitMix64.Stream(seed, "leak");
            for (int i = 0; i < samples.Length; i++)
            {
                FeatureVector features = samples[i].Features;
                features[Leak] = (float)(samples[i].NetBps + 4 * noise.NextNormal());
                samples[i] = samples[i] with { Features = features };
            }

            ModelReport report = Retrain(samples).Drafts[0].Report!;

            Assert.Equal(["efficiency_ratio"], report.LeakSuspects);
            Assert.False(report.Ready);
        }
    }

    [Fact]
    public void A_column_that_is_the_outcome_is_flagged_even_where_the_edge_tells_nearly_everything()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            Sample[] samples = World(seed, edgeWeight: 8);
            for (int i = 0; i < samples.Length; i++)
            {
                FeatureVector features = samples[i].Features;
                features[Leak] = (float)samples[i].NetBps;
                samples[i] = samples[i] with { Features = features };
            }

            ModelReport report = Retrain(samples).Drafts[0].Report!;

            Assert.True(report.EdgeAuc.Auc > 0.95, $"{report.EdgeAuc.Auc}");
            Assert.Equal(["efficiency_ratio"], report.LeakSuspects);
        }
    }

    [Fact]
    public void What_is_there_is_found_within_the_first_retrain()
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            ModelReport report = Retrain(World(seed, rows: 5_000)).Drafts[0].Report!;
            output.WriteLine($"seed {seed}: AUC {report.Auc.Auc:0.000} over edge alone {report.AucOverEdge.Estimate:0.000} [{report.AucOverEdge.Low:0.000}, {report.AucOverEdge.High:0.000}]");
            Assert.True(report.Ready, string.Join("; ", report.Checks.Where(c => c.Passed == false).Select(c => c.Measured)));
            Assert.True(report.AucOverEdge.Estimate >= 0.005);
        }
    }

    private int ReadyOfNull(int runs)
    {
        int ready = 0;
        for (int seed = 1; seed <= runs; seed++)
        {
            Sample[] samples = World(seed);
            double[] net = [.. samples.Select(s => s.NetBps)];
            SplitMix64.Stream(seed, "permute").Shuffle<double>(net);
            for (int i = 0; i < samples.Length; i++) samples[i] = samples[i] with { NetBps = net[i], Won = net[i] > 0 };
            if (Retrain(samples).Drafts[0].Ready) ready++;
        }
        output.WriteLine($"{ready} of {runs} models of permuted labels were ready");
        return ready;
    }

    private static RetrainResult Retrain(Sample[] samples) =>
        new FullRetrain(new TrainingSettings(), new StoredBoosting(new BoostingSettings { Rounds = 60 }))
            .Run(new RetrainRequest { Trigger = "test", At = samples[^1].KnownAt, Samples = samples, Types = new HashSet<ModelType> { ModelType.MetaLabel } });

    /// <summary>Gaps a few seconds apart: the edge tells a little of what wins, three other columns tell more.</summary>
    private static Sample[] World(long seed, int rows = Rows, double edgeWeight = 0.3)
    {
        SplitMix64 random = SplitMix64.Stream(seed, "honesty");
        var samples = new Sample[rows];
        for (int i = 0; i < rows; i++)
        {
            FeatureVector features = FeatureVector.Unknown;
            for (int f = 0; f < FeatureSchema.Count; f++) features[f] = (float)random.NextNormal();
            double margin = edgeWeight * features[Edge] + 0.8 * features[Told[0]] - 0.8 * features[Told[1]] + 0.6 * features[Told[2]];
            bool won = random.NextDouble() < 1 / (1 + Math.Exp(-margin));
            samples[i] = new Sample
            {
                Id = new OpportunityId((ulong)seed, (ulong)i),
                Kind = OpportunityKind.CrossVenue,
                DecidedAt = Start.AddSeconds(5 * i),
                KnownAt = Start.AddSeconds(5 * i + 4),
                Features = features,
                Score = double.NaN,
                NetBps = (won ? 1 : -1) * (5 + 2 * random.NextDouble()),
                Won = won,
                SlippageBps = 0,
                Lane = Lane.ShadowSim,
            };
        }
        return samples;
    }
}
