using QuadTurbo.Trading.Models;

namespace QuadTurbo.Trading.Predictions;

/// <summary>Asks what serves.</summary>
public readonly record struct ServingQuestion;

/// <summary>What scores requests from outside, and how it has done since the process started.</summary>
public sealed record ServingStatus
{
    /// <summary>Identity, label and ordinal.</summary>
    public required ModelRef Model { get; init; }

    /// <summary>What sort of model it is: <c>baseline</c>, <c>ftrl</c>, <c>trees</c>, <c>ensemble</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Labelled samples that it was made from; 0 for a prior.</summary>
    public required long Samples { get; init; }

    /// <summary>Why it serves, in words.</summary>
    public required string Why { get; init; }

    /// <summary>Since when it serves, UTC.</summary>
    public required DateTime Since { get; init; }

    /// <summary>How its members vote; empty for a model without members.</summary>
    public required string Voting { get; init; }

    /// <summary>Its members; empty for a model without.</summary>
    public required IReadOnlyList<ServingMember> Members { get; init; }

    /// <summary>The part of the model that scores.</summary>
    public required string Scope { get; init; }

    /// <summary>What runs it.</summary>
    public required string Provider { get; init; }

    /// <summary>What could run it on this machine, in the order of preference.</summary>
    public required IReadOnlyList<string> Providers { get; init; }

    /// <summary>Which features each field of a request feeds; empty for a field that feeds none.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; }

    /// <summary>Fields that never move the score of this model.</summary>
    public required IReadOnlyList<string> UnusedFields { get; init; }

    /// <summary>Who judges: the champion and, while an experiment runs, the challenger.</summary>
    public required IReadOnlyList<ServingArm> Arms { get; init; }

    /// <summary>Score of the challenger less that of the champion, over what both scored in this experiment: count, mean, mean of the absolute; NaN for none.</summary>
    public required (long Rows, double Mean, double MeanAbsolute) Difference { get; init; }

    /// <summary>Opportunities that the arm which did not judge them did not score either, since too many waited.</summary>
    public required long OpinionsDropped { get; init; }

    /// <summary>Batches scored.</summary>
    public required long Requests { get; init; }

    /// <summary>Opportunities scored.</summary>
    public required long Predictions { get; init; }

    /// <summary>Batches that could not be scored.</summary>
    public required long Errors { get; init; }

    /// <summary>Models that were assigned and refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Time to score a batch, s: quantiles 0.5, 0.95, 0.99, within 7 %; NaN before the first.</summary>
    public required (double P50, double P95, double P99) Latency { get; init; }
}

/// <summary>One model that judges requests from outside.</summary>
public sealed record ServingArm
{
    /// <summary>Identity, label and ordinal.</summary>
    public required ModelRef Model { get; init; }

    /// <summary>Share of the requests that it judges, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Its members; empty for a model without.</summary>
    public required IReadOnlyList<ServingMember> Members { get; init; }

    /// <summary>Opportunities that it judged in this role.</summary>
    public required long Predictions { get; init; }

    /// <summary>Opportunities that fell to it and that it gave no score.</summary>
    public required long Errors { get; init; }

    /// <summary>Opportunities that the other arm judged and it scored too.</summary>
    public required long Opinions { get; init; }

    /// <summary>Time to score one opportunity that it judged, s: quantiles 0.5, 0.95, 0.99 of the means of batches; NaN before the first.</summary>
    public required (double P50, double P95, double P99) Latency { get; init; }
}

/// <summary>One voice of the serving model.</summary>
/// <param name="Name"><c>xgboost</c> or <c>onnx</c>.</param>
/// <param name="Version">Label.</param>
/// <param name="Weight">Its weight in the vote.</param>
public sealed record ServingMember(string Name, string Version, double Weight);
