using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Experiments;

/// <summary>How one arm does.</summary>
/// <param name="Predictions">Requests that it served.</param>
/// <param name="Errors">Those of them that failed.</param>
/// <param name="P99">99 % of its requests took no longer; null of none.</param>
/// <param name="Ece">Calibration error of its scores on every outcome; NaN of none.</param>
/// <param name="Auc">Area under the ROC curve of its scores on every outcome; NaN before wins and losses.</param>
/// <param name="NetBps">What it makes of an opportunity, mean [bps]; NaN of none.</param>
/// <param name="DrawdownBps">Furthest fall of that money, summed [bps].</param>
public sealed record ArmStanding(long Predictions, long Errors, TimeSpan? P99, double Ece, double Auc, double NetBps, double DrawdownBps)
{
    /// <summary>Share of failed requests; NaN of none.</summary>
    public double ErrorRate => (double)Errors / Predictions;
}

/// <summary>How an experiment stands at an instant; immutable.</summary>
public sealed record ExperimentStanding
{
    /// <summary>Its name.</summary>
    public required string Experiment { get; init; }

    /// <summary>Names of the champion.</summary>
    public required ModelRef Champion { get; init; }

    /// <summary>Names of the challenger.</summary>
    public required ModelRef Challenger { get; init; }

    /// <summary>The challenger's share, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>How long it has run.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>How long the share has been what it is.</summary>
    public required TimeSpan StageAge { get; init; }

    /// <summary>Requests that the challenger has served since then.</summary>
    public required long StagePredictions { get; init; }

    /// <summary>Outcomes that both have foretold.</summary>
    public required long Outcomes { get; init; }

    /// <summary>Samples of the test: minutes, or opportunities.</summary>
    public required long Units { get; init; }

    /// <summary>Net bps of the challenger less those of the champion, for each unit; at any time, 1 − α.</summary>
    public required Interval GainBps { get; init; }

    /// <summary>Least p-value so far of "no difference".</summary>
    public required double PValue { get; init; }

    /// <summary>p-value of "requests go to the arms as they should", since the share is what it is; NaN before the first.</summary>
    public required double SampleRatioP { get; init; }

    /// <summary>How the champion does.</summary>
    public required ArmStanding ChampionArm { get; init; }

    /// <summary>How the challenger does.</summary>
    public required ArmStanding ChallengerArm { get; init; }

    /// <summary>Gain in mean net bps as a share of what the champion makes, |champion| as the measure; NaN of no outcomes, ±∞ over a champion that
    /// makes 0.</summary>
    public double RelativeGain =>
        ChallengerArm.NetBps == ChampionArm.NetBps ? 0 : (ChallengerArm.NetBps - ChampionArm.NetBps) / Math.Abs(ChampionArm.NetBps);
}
