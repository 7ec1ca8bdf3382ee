using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class BoosterRefusalTests
{
    private static readonly TrainingRows Good = Tables.Column([1, 2, 3, 4], [0, 1, 0, 1]);

    [Fact]
    public void Rows_that_are_not_rows_are_refused_by_index_and_value()
    {
        Refused("no rows", () => Tables.Column([], []));
        Refused("3 numbers for 2 rows of 1", () => Tables.Column([1, 2, 3], [0, 1]));
        Refused("target 1 is NaN", () => Tables.Column([1, 2], [0, float.NaN]));
        Refused("target 0 is -Infinity", () => Tables.Column([1, 2], [float.NegativeInfinity, 0]));
        Refused("target 1 is 2E+18: at most 1E+18", () => Tables.Column([1, 2], [0, 2e18f]));
        Refused("weight 1 is 2E+09: 0 .. 1E+09", () => Tables.Column([1, 2], [0, 1], [1, 2e9f]));
        Refused("weight 1 is -1", () => Tables.Column([1, 2], [0, 1], [1, -1]));
        Refused("weight 0 is NaN", () => Tables.Column([1, 2], [0, 1], [float.NaN, 1]));
        Refused("1 weights for 2 rows", () => Tables.Column([1, 2], [0, 1], [1]));
    }

    [Fact]
    public void Targets_that_a_loss_cannot_learn_from_are_refused()
    {
        Refused("every target is 1: there is one class only", () => Fit(Tables.Column([1, 2], [1, 1]), new()));
        Refused("every target is 0: there is one class only", () => Fit(Tables.Column([1, 2], [0, 1], [1, 0]), new()));
        Refused("target 1 is 2: the logistic loss takes 0 .. 1", () => Fit(Tables.Column([1, 2], [0, 2]), new()));
        Refused("every weight is 0", () => Fit(Tables.Column([1, 2], [0, 1], [0, 0]), new() { Objective = Objective.Squared }));
    }

    [Fact]
    public void An_option_outside_its_range_is_refused_with_name_value_and_limit()
    {
        Option(new() { Rounds = 0 }, "Rounds", "0", "1 .. 100000");
        Option(new() { MaxDepth = 7 }, "MaxDepth", "7", "1 .. 6");
        Option(new() { MaxLeaves = 65 }, "MaxLeaves", "65", "2 .. 64");
        Option(new() { Eta = 0 }, "Eta", "0", "1");
        Option(new() { Lambda = -1 }, "Lambda", "-1", "at least 0");
        Option(new() { Alpha = double.NaN }, "Alpha", "NaN", "at least 0");
        Option(new() { Gamma = double.PositiveInfinity }, "Gamma", "Infinity", "finite");
        Option(new() { MinChildWeight = -0.1 }, "MinChildWeight", "-0.1", "at least 0");
        Option(new() { MinLeafRows = 0 }, "MinLeafRows", "0", "at least 1");
        Option(new() { MaxDelta = -1 }, "MaxDelta", "-1", "at least 0");
        Option(new() { MaxBins = 256 }, "MaxBins", "256", "3 .. 255");
        Option(new() { RowSampling = 1.1 }, "RowSampling", "1.1", "1");
        Option(new() { ColumnSampling = 0 }, "ColumnSampling", "0", "1");
        Option(new() { Patience = -1 }, "Patience", "-1", "at least 0");
        Option(new() { Threads = 3 }, "Threads", "3", "1 .. 2");
        Option(new() { Quantile = 1 }, "Quantile", "1", "0.999999");
        Option(new() { Monotone = [2] }, "Monotone[0]", "2", "-1 .. 1");
        Option(new() { Monotone = [1, 0] }, "Monotone", "2 constraints for 1 features");
        Option(new() { Monotone = [1], Objective = Objective.Pinball }, "Monotone", "pinball");
        Option(new() { Patience = 3 }, "Patience", "3", "needs validation rows");
        Option(new() { Objective = (Objective)7 }, "Objective", "7");
    }

    [Fact]
    public void What_does_not_fit_the_start_is_refused()
    {
        TreeEnsemble start = Fit(Good, new() { Rounds = 1 });

        Refused("rows of 2 features; the ensemble reads 1", () => Booster.Continue(start, new TrainingRows(new float[4], 2, (float[])[0, 1]), new()));
        Refused("objective Squared; the ensemble has Logistic", () => Booster.Continue(start, Good, new() { Objective = Objective.Squared }));
        Refused("validation rows of 2 features", () => Booster.Fit(Good, new(), new TrainingRows(new float[4], 2, (float[])[0, 1])));
        Refused("rate", () => Booster.Refresh(start, Good, new(), 1.5));
    }

    private static TreeEnsemble Fit(TrainingRows rows, BoostingOptions options) => Booster.Fit(rows, options).Ensemble;

    private static void Option(BoostingOptions options, params string[] words)
    {
        string message = Assert.ThrowsAny<ArgumentException>(() => Fit(Good, options)).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private static void Refused(string words, Action call) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
}
