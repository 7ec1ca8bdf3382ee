using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

/// <summary>The margins of xgboost's trainer on the same rows.</summary>
public sealed class XgboostTests
{
    private const int Features = 5;
    private static readonly Fixture Given = Fixture.Load("xgboost_boosting");

    private static readonly BoostingOptions Logistic = new() { Rounds = 12, Eta = 0.3, MaxDepth = 4, MinChildWeight = 2, Growth = Growth.DepthWise };

    private static readonly BoostingOptions Squared = Logistic with { Objective = Objective.Squared, MinChildWeight = 8 };

    public static TheoryData<string, string, BoostingOptions> Models => new()
    {
        { "logistic", "labels", Logistic },

        // xgboost's gamma is compared with twice our gain.
        { "penalised", "labels", Logistic with { Alpha = 0.5, Lambda = 3, Gamma = 0.5 } },
        { "capped", "labels", Logistic with { MaxDelta = 0.4 } },
        { "squared", "y", Squared },
        { "monotone", "y", Squared with { Monotone = [1, 1, -1, 0, 0] } },
    };

    // xgboost keeps derivatives and leaves in float32: 1e-5 after twelve trees.
    [Theory]
    [MemberData(nameof(Models))]
    public void Margins_are_those_of_xgboost(string name, string target, BoostingOptions options)
    {
        var rows = new TrainingRows(Floats("x"), Features, Floats(target), Floats("weights"));

        TreeEnsemble ensemble = Booster.Fit(rows, options).Ensemble;

        double[] expected = Given.Result(name);
        float[] margins = Tables.Margins(ensemble, rows);
        for (int i = 0; i < margins.Length; i++) Assert.Equal(expected[i], margins[i], 1e-5);
    }

    private static float[] Floats(string name) => [.. Given.Input(name).Select(x => (float)x)];
}
