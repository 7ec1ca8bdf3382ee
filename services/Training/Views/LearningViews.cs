using System.Globalization;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Cycle;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Drift;
using QuadTurbo.Training.Evaluation;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Training.Views;

/// <summary>What the lane knows, as people and programs hear it. What cannot be told is null.</summary>
internal static class LearningViews
{
    /// <summary>What a model must satisfy to judge [REG-08].</summary>
    public static IReadOnlyList<string> Readiness { get; } =
    [
        "enough_data: enough wins and enough losses among the last fifth of the data in time",
        "better_than_chance: the interval of its AUC is above 0.5",
        "beats_edge_alone: the interval of its AUC less that of the net edge alone is above 0",
        string.Create(CultureInfo.InvariantCulture, $"not_below_champion: its AUC is at most {Evaluation.Readiness.AucMargin} below the serving model's on rows newer than that"),
        string.Create(CultureInfo.InvariantCulture, $"calibrated: its calibration error is at most {Evaluation.Readiness.EceMargin} above what chance would show"),
        string.Create(CultureInfo.InvariantCulture, $"stable_importance: at most {Evaluation.Readiness.MostInstability:0.00} of importance moved since the serving trees"),
        "no_leak: no column tells the label too well to have been known at the decision",
    ];

    /// <summary>A trigger's answer.</summary>
    public static TriggerView Of(TriggerAnswer answer, bool full, string? guard) => new(
        answer.Name,
        full || answer.Name == "manual" ? "full" : "online",
        double.IsFinite(answer.Measured) ? Number(answer.Measured) : "not known yet",
        Number(answer.Limit),
        answer.Fires && guard is null,
        guard is null || !answer.Fires ? answer.Why : $"{answer.Why}; {guard}");

    /// <summary>A contractual figure.</summary>
    public static LearningMetric Of(LearningFigure figure)
    {
        string state = figure.Verdict switch { "low" => "below", "high" => "above", var other => other };
        string band = string.Join(", ", new[] { Part("at least", figure.Min), Part("aim", figure.Ideal), Part("at most", figure.Max) }.OfType<string>());
        string measured = figure.Value is { } value ? $"{Number(value)} {figure.Unit}" : "nothing to measure yet";
        return new LearningMetric(figure.Name, Finite(figure.Value), figure.Unit, figure.Min, figure.Ideal, figure.Max, state, $"{measured}; {band}");
    }

    /// <summary>A night.</summary>
    public static NightView Of(Night night)
    {
        long wins = night.CrossVenue.Wins + night.Directional.Wins, labelled = night.CrossVenue.Labelled + night.Directional.Labelled;
        return new NightView(night.At, wins, labelled - wins, night.Rows, night.MetaLabel?.Label, night.MetaLabel is null ? null : night.Ready, night.Why);
    }

    /// <summary>Every column of a watch, over its longest window.</summary>
    public static IEnumerable<DriftView> Of(OpportunityKind kind, DriftWatch watch) =>
        from column in watch.Columns.GroupBy(c => c.Name, StringComparer.Ordinal)
        let longest = column.MaxBy(c => c.Window)!
        select new DriftView
        {
            Kind = kind.Code(),
            Feature = column.Key,
            Psi = Finite(longest.Psi),
            KsP = Finite(longest.KsP),
            Wasserstein = Finite(longest.W1),
            Drifted = watch.IsDrifting(column.Key),
            History = [.. watch.HistoryOf(column.Key)],
        };

    /// <summary>Figures of one learner.</summary>
    public static ForecastFigures Of(in PrequentialFigures figures, (double[] Scores, bool[] Labels)? recent) => new(
        figures.Count, Finite(figures.Accuracy), Finite(figures.Auc), Finite(figures.LogLoss), Finite(figures.Brier),
        recent is { } last ? Finite(ReliabilityCurve.EqualWidth(last.Scores, last.Labels).Ece) : null);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string? Part(string what, double? limit) => limit is { } value ? $"{what} {Number(value)}" : null;

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
