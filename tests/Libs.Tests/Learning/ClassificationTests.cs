using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Learning;

public class ClassificationTests
{
    [Fact]
    public void Auc_of_a_small_published_example_is_three_quarters()
    {
        // scikit-learn's roc_auc_score example: y = [0, 0, 1, 1], s = [0.1, 0.4, 0.35, 0.8].
        Assert.Equal(0.75, Classification.Auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]));
    }

    [Fact]
    public void Auc_is_the_share_of_pairs_won_with_ties_half()
    {
        // Few distinct scores, so that most pairs tie.
        Arbitrary<(int Score, bool Label)[]> samples = ArbMap.Default.ArbFor<(int, bool)[]>();
        Prop.ForAll(samples, pairs =>
        {
            double[] scores = [.. pairs.Select(p => Math.Abs(p.Score % 5) / 4.0)];
            bool[] labels = [.. pairs.Select(p => p.Label)];
            Assert.Equal(PairsWon(scores, labels), Classification.Auc(scores, labels), 12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Auc_of_a_thousand_samples_is_the_share_of_pairs_won()
    {
        (double[] scores, bool[] labels) = Samples(1_000);

        Assert.Equal(PairsWon(scores, labels), Classification.Auc(scores, labels), 12);
    }

    [Fact]
    public void Auc_needs_both_classes()
    {
        Assert.Equal(double.NaN, Classification.Auc([0.2, 0.3], [true, true]));
        Assert.Equal(double.NaN, Classification.Auc([0.2, 0.3], [false, false]));
        Assert.Equal(double.NaN, Classification.Auc([], []));
    }

    [Fact]
    public void A_score_that_is_not_known_is_refused_rather_than_ranked()
    {
        var error = Assert.Throws<ArgumentException>(() => Classification.Auc([0.2, double.NaN], [true, false]));

        Assert.Contains("score 1 is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_loss_of_a_small_published_example()
    {
        // scikit-learn's log_loss example: spam, ham, ham, spam with P(spam) = 0.9, 0.1, 0.2, 0.65.
        Assert.Equal(0.21616, Classification.LogLoss([0.9, 0.1, 0.2, 0.65], [true, false, false, true]), 5);
    }

    [Fact]
    public void Log_loss_of_a_certain_mistake_is_finite()
    {
        Assert.Equal(-Math.Log(1e-15), Classification.LogLoss([0.0], [true]), 9);
        Assert.Equal(-Math.Log(1e-15), Classification.LogLoss([1.0], [false]), 1);
        Assert.Equal(0, Classification.LogLoss([1.0], [true]), 14);
    }

    [Fact]
    public void Log_loss_of_one_half_is_the_logarithm_of_two() =>
        Assert.Equal(Math.Log(2), Classification.LogLoss([0.5, 0.5], [true, false]), 15);

    [Fact]
    public void Brier_score_of_a_small_published_example()
    {
        // scikit-learn's brier_score_loss example.
        Assert.Equal(0.0375, Classification.Brier([0.1, 0.9, 0.8, 0.3], [false, true, true, false]), 15);
    }

    [Theory]
    [InlineData(0.5, 0.75)]
    [InlineData(0.6, 1.0)]
    [InlineData(0.81, 0.5)]
    public void Accuracy_counts_a_score_at_the_threshold_as_a_yes(double threshold, double expected) =>
        Assert.Equal(expected, Classification.Accuracy([0.6, 0.8, 0.5, 0.1], [true, true, false, false], threshold));

    [Fact]
    public void Scores_without_labels_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Classification.Auc([0.5], []));
        Assert.Throws<ArgumentException>(() => Classification.LogLoss([0.5], []));
        Assert.Throws<ArgumentException>(() => Classification.Brier([0.5], []));
        Assert.Throws<ArgumentException>(() => Classification.Accuracy([0.5], []));
    }

    internal static (double[] Scores, bool[] Labels) Samples(int count, double lift = 0.3)
    {
        SeededRandom random = SeededRandom.Stream(7, "classification-tests");
        var scores = new double[count];
        var labels = new bool[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.NextDouble() < 0.4;
            scores[i] = Math.Clamp(random.NextDouble() * (1 - lift) + (labels[i] ? lift : 0), 0, 1);
        }
        return (scores, labels);
    }

    private static double PairsWon(double[] scores, bool[] labels)
    {
        double won = 0, pairs = 0;
        for (int i = 0; i < scores.Length; i++)
            for (int j = 0; j < scores.Length; j++)
                if (labels[i] && !labels[j])
                {
                    pairs++;
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
        return won / pairs;
    }
}
