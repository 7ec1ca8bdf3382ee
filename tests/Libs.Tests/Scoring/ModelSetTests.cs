using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Libs.Tests.Scoring;

public class ModelSetTests
{
    private static readonly ModelSet Baseline = new(ModelPackage.Baseline);

    [Theory]
    [InlineData(0, 0.55, 0.5)]
    [InlineData(5, 0.55, 0.75)]
    [InlineData(-5, 0.55, 0.25)]
    [InlineData(0, 1.0, 0.7109495026250040)]
    [InlineData(5, double.NaN, 0.75)]
    [InlineData(double.NaN, 0.55, double.NaN)]
    [InlineData(500, 1.0, 1.0)]
    [InlineData(-500, 0.0, 0.0)]
    public void The_baseline_scores_edge_after_costs_and_confidence(double netEdgeBps, double confidence, double expected)
    {
        FeatureVector features = Example.Features(netEdgeBps, confidence);

        Assert.Equal(expected, Baseline.Score(features, OpportunityKind.CrossVenue), 6);
        Assert.Equal(expected, Baseline.Score(features, OpportunityKind.Directional), 6);
    }

    [Fact]
    public void The_baseline_is_version_v0_1_0_and_not_trained()
    {
        Assert.Equal("v0.1.0", Baseline.Ref.Label);
        Assert.Equal(0, Baseline.Ref.Ordinal);
        Assert.False(Baseline.Trained);
        Assert.Equal("baseline", Baseline.Package.Manifest.Kind);
    }

    [Fact]
    public void Each_kind_is_scored_by_its_own_head()
    {
        var set = new ModelSet(Example.Trained());
        FeatureVector features = Example.Features(6, 0.9);

        Assert.Equal(Example.Learner(1_500).Predict(features), set.Score(features, OpportunityKind.CrossVenue));
        Assert.Equal(1 / (1 + Math.Exp(-1.1)), set.Score(features, OpportunityKind.Directional), 12);
        Assert.True(set.Trained);
        Assert.True(set.IsTrained(OpportunityKind.CrossVenue));
        Assert.False(set.IsTrained(OpportunityKind.Directional));
    }

    [Fact]
    public void A_row_has_the_same_bits_in_any_batch_and_alone()
    {
        var set = new ModelSet(Example.Trained());
        Opportunity[] opportunities = Example.Opportunities(257);
        double[] alone = Array.ConvertAll(opportunities, o => set.Score(o.Features, o.Kind));
        foreach (int size in (int[])[1, 2, 64, 257])
        {
            var answers = new ModelAnswer[opportunities.Length];
            for (int start = 0; start < opportunities.Length; start += size)
            {
                int length = Math.Min(size, opportunities.Length - start);
                set.Answer(opportunities.AsSpan(start, length), answers.AsSpan(start));
            }
            Assert.Equal(alone.Select(BitConverter.DoubleToInt64Bits), answers.Select(a => BitConverter.DoubleToInt64Bits(a.Score)));
        }
    }

    [Fact]
    public void The_trained_head_tells_the_classes_apart_and_always_has_a_score()
    {
        var set = new ModelSet(Example.Trained());
        foreach (Opportunity opportunity in Example.Opportunities(100))
            Assert.InRange(set.Score(opportunity.Features, OpportunityKind.CrossVenue), 0, 1);
        Assert.InRange(set.Score(FeatureVector.Unknown, OpportunityKind.CrossVenue), 0.05, 0.95);
        FeatureVector high = FeatureVector.Unknown, low = FeatureVector.Unknown;
        high[0] = 6;
        low[0] = -6;
        Assert.True(set.Score(high, OpportunityKind.CrossVenue) > set.Score(low, OpportunityKind.CrossVenue) + 0.3);
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        ModelSet[] sets = [Baseline, new ModelSet(Example.Trained())];
        Opportunity[] opportunities = Example.Opportunities(64);
        var answers = new ModelAnswer[64];
        foreach (ModelSet set in sets)
        {
            AnswerBatches(set, opportunities, answers, 1);

            long before = GC.GetAllocatedBytesForCurrentThread();
            AnswerBatches(set, opportunities, answers, 1_000);

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Too_little_room_for_answers_is_refused() =>
        Assert.Throws<ArgumentException>(() => Baseline.Answer(Example.Opportunities(3), new ModelAnswer[2]));

    [Fact]
    public void Terms_outside_the_schema_or_not_finite_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LogisticHead(0, [new LogisticTerm("hope", 0, 1, MissingRule.Neutral)], 0));
        Assert.Throws<ArgumentException>(() => new LogisticHead(0, [new LogisticTerm("fee_bps", 0, double.NaN, MissingRule.Neutral)], 0));
        Assert.Throws<ArgumentException>(() => new LogisticHead(double.PositiveInfinity, [], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogisticHead(0, [], -1));
    }

    private static void AnswerBatches(ModelSet set, Opportunity[] opportunities, ModelAnswer[] answers, int times)
    {
        for (int i = 0; i < times; i++)
        {
            set.Answer(opportunities, answers);
            answers[i % 64] = set.Answer(opportunities[i % 64]);
        }
    }
}
