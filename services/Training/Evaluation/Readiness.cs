namespace QuadTurbo.Training.Evaluation;

/// <summary>May a model serve? [REG-08]</summary>
public static class Readiness
{
    /// <summary>Most AUC that a new model may lack against the serving one (learning.md section 7).</summary>
    public const double AucMargin = 0.002;

    /// <summary>The gain in AUC per session that is aimed at; reported, not asked for [LRN-05].</summary>
    public const double AucAim = 0.005;

    /// <summary>Most calibration error above what faultless probabilities would show.</summary>
    public const double EceMargin = 0.02;

    /// <summary>Most importance that may move between versions [LRN-07].</summary>
    public const double MostInstability = 0.30;

    /// <summary>The report with its checks.</summary>
    /// <param name="report">Without checks.</param>
    /// <param name="leastTestWins">Fewest wins, and fewest losses, among the test rows.</param>
    public static ModelReport Judge(ModelReport report, int leastTestWins) => report with
    {
        Checks =
        [
            Data(report, leastTestWins), Coin(report), Edge(report), Champion(report), Calibration(report), Stability(report), Leaks(report),
        ],
    };

    private static ReadinessCheck Data(ModelReport report, int least)
    {
        int wins = report.TestWins, losses = report.TestRows - report.TestWins;
        return new ReadinessCheck("enough_data", wins >= least && losses >= least, $"{wins} wins and {losses} losses to judge on; at least {least} of each");
    }

    private static ReadinessCheck Coin(ModelReport report) => new(
        "better_than_chance", report.Auc.Low > 0.5, $"AUC {report.Auc.Auc:0.000} [{report.Auc.Low:0.000}, {report.Auc.High:0.000}]; the interval must be above 0.5");

    private static ReadinessCheck Edge(ModelReport report) => new(
        "beats_edge_alone", report.AucOverEdge.Low > 0,
        $"AUC {report.Auc.Auc:0.000} against {report.EdgeAuc.Auc:0.000} of edge alone: {Signed(report.AucOverEdge.Estimate)} [{Signed(report.AucOverEdge.Low)}, {Signed(report.AucOverEdge.High)}]; the interval must be above 0");

    private static ReadinessCheck Champion(ModelReport report)
    {
        if (report.ChampionAuc is not { } champion || report.AucBesideChampion is not { } auc)
            return new ReadinessCheck("not_below_champion", null, "no serving model to compare with on rows newer than it");
        double gain = auc - champion;
        string band = gain >= AucAim ? $"; reaches the aim of +{AucAim}" : "";
        return new ReadinessCheck("not_below_champion", gain >= -AucMargin, $"AUC {auc:0.000} against {champion:0.000} of the serving model: {Signed(gain)}; at least -{AucMargin}{band}");
    }

    private static ReadinessCheck Calibration(ModelReport report) => new(
        "calibrated", report.Ece <= report.EceFloor + EceMargin,
        $"calibration error {report.Ece:0.000}; at most {report.EceFloor + EceMargin:0.000} ({report.EceFloor:0.000} would be chance)");

    private static ReadinessCheck Stability(ModelReport report) =>
        report.Instability is not { } moved
            ? new ReadinessCheck("stable_importance", null, "no serving trees to compare with")
            : new ReadinessCheck("stable_importance", moved <= MostInstability, $"{moved:0.00} of importance moved; at most {MostInstability:0.00}");

    private static ReadinessCheck Leaks(ModelReport report) => new(
        "no_leak", report.LeakSuspects.Count == 0,
        report.LeakSuspects.Count == 0 ? "no column tells the label alone" : $"tells the label too well to have been known at the decision: {string.Join(", ", report.LeakSuspects)}");

    private static string Signed(double value) => Math.Round(value, 3) is var rounded and not 0 ? $"{rounded:+0.000;-0.000}" : "0.000";
}
