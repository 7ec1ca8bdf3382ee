using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Learning;

/// <summary>Asks Training to begin now [DASH-06].</summary>
/// <param name="ModelType"><c>meta_label</c>, <c>slippage</c> or <c>regime</c>.</param>
public readonly record struct TrainNow(string ModelType);

/// <summary>The answer to <see cref="TrainNow"/>.</summary>
/// <param name="Started">Whether it begins.</param>
/// <param name="Text">What happens now, or why nothing does.</param>
public sealed record TrainingBegun(bool Started, string Text);

/// <summary>Asks Training how its learners foretell.</summary>
public readonly record struct LearnersQuestion;

/// <summary>How the online learner of one kind of opportunity foretells, beside the labelled baseline, each sample before it was learnt.</summary>
/// <param name="Kind"><c>cross_venue</c> or <c>directional</c>.</param>
/// <param name="Learner">The learner's figures.</param>
/// <param name="Baseline">The baseline's.</param>
public sealed record LearnerView(string Kind, ForecastFigures Learner, ForecastFigures Baseline);

/// <summary>Figures of probabilities given before their labels were known.</summary>
/// <param name="N">Samples.</param>
/// <param name="Accuracy">Share foretold by "at least even odds"; null of none.</param>
/// <param name="Auc">Area under the ROC curve; null before both classes were seen.</param>
/// <param name="LogLoss">Nats; null of none.</param>
/// <param name="Brier">Mean squared error; null of none.</param>
/// <param name="Ece">Calibration error over the last 20,000; null of none.</param>
public sealed record ForecastFigures(
    long N, double? Accuracy, double? Auc, [property: JsonPropertyName("log_loss")] double? LogLoss, double? Brier, double? Ece);

/// <summary>Asks Training what a model must satisfy to judge.</summary>
public readonly record struct ReadinessQuestion;
