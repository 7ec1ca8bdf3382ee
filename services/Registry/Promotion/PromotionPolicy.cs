using QuadTurbo.Learning.Sequential;
using QuadTurbo.Registry.Experiments;

namespace QuadTurbo.Registry.Promotion;

/// <summary>When a challenger serves more, and at last alone [AB-06, AB-09, C6; learning.md section 7].</summary>
public sealed record PromotionPolicy
{
    /// <summary>Fewest outcomes that both models have foretold.</summary>
    public long MinPredictions { get; init; } = 1_000;

    /// <summary>Shortest age of the experiment [hours].</summary>
    public double MinHours { get; init; } = 24;

    /// <summary>Least gain in mean net bps, as a share of what the champion makes.</summary>
    public double MinRelativeGain { get; init; } = 0.05;

    /// <summary>Most calibration error (ECE) above the champion's.</summary>
    public double EceSlack { get; init; } = 0.01;

    /// <summary>Most AUC below the champion's.</summary>
    public double AucSlack { get; init; } = 0.002;

    /// <summary>Longest P99 latency, as a multiple of the champion's.</summary>
    public double LatencyRatio { get; init; } = 1.1;

    /// <summary>P99 latency that is held against nobody [ms]: below it a multiple of microseconds decides nothing.</summary>
    public double FreeLatency { get; init; } = 1;

    /// <summary>Fewest requests of each arm whose P99 says anything.</summary>
    public long MinLatencies { get; init; } = 100;

    /// <summary>Most failed requests above the champion's, as a share of all.</summary>
    public double ErrorSlack { get; init; } = 0.001;

    /// <summary>Most importance that may have moved between features, 0 to 1; above it people decide [LRN-07].</summary>
    public double MaxImportanceMoved { get; init; } = 0.30;

    /// <summary>The challenger's shares, step by step; the last is 1.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [0.2, 0.5, 1];

    /// <summary>Fewest requests that the challenger serves on each step.</summary>
    public long MinStepPredictions { get; init; } = 200;

    /// <summary>Shortest stay on each step [hours].</summary>
    public double MinStepHours { get; init; } = 1;

    /// <summary>Checks an experiment, and says what follows.</summary>
    /// <param name="standing">How it stands.</param>
    /// <param name="importanceMoved">Total variation of importance against the champion, 0 to 1; null where there is nothing to compare.</param>
    /// <param name="approved">Whether people have agreed to a model of another mind.</param>
    public PromotionVerdict Judge(ExperimentStanding standing, double? importanceMoved = null, bool approved = false)
    {
        ArgumentNullException.ThrowIfNull(standing);
        PromotionCheck stable = Importance(importanceMoved, approved);
        PromotionCheck[] checks =
        [
            Predictions(standing), Hours(standing), Ratio(standing), Gain(standing), Significance(standing), Calibration(standing), Ranking(standing),
            Latency(standing), Errors(standing), stable,
        ];
        return new PromotionVerdict(checks, Decide(standing, checks, stable), NextStep(standing.Share));
    }

    private static PromotionCheck Ratio(ExperimentStanding s) => PromotionCheck.AtLeast(
        "sample_ratio", s.SampleRatioP, SampleRatio.BlockBelow,
        Words.Known(s.SampleRatioP)
            ? $"p = {s.SampleRatioP:0.####} that requests go to the arms as they should; at least {SampleRatio.BlockBelow}"
            : $"whether requests go to the arms as they should is {Words.NotKnown}");

    private static PromotionCheck Significance(ExperimentStanding s) => new(
        "significant", double.IsFinite(s.GainBps.Low) ? s.GainBps.Low > 0 : null, s.GainBps.Low, 0,
        (Words.Known(s.GainBps.Estimate, s.GainBps.Low, s.GainBps.High)
            ? $"{s.GainBps.Estimate:+0.00;-0.00} [{s.GainBps.Low:+0.00;-0.00}, {s.GainBps.High:+0.00;-0.00}] bps gained, {s.Units} samples; "
            : $"the gain in bps is {Words.NotKnown}, {s.Units} samples; ")
        + "the interval must be above 0");

    private PromotionDecision Decide(ExperimentStanding standing, PromotionCheck[] checks, PromotionCheck stable)
    {
        bool ratioHolds = checks.Single(c => c.Name == "sample_ratio").Passed != false;
        if (ratioHolds && standing.GainBps.High < 0) return PromotionDecision.Stop;
        if (checks.Any(c => c != stable && c.Passed != true)) return PromotionDecision.Wait;
        if (stable.Passed == false) return PromotionDecision.AskPeople;
        bool stayed = standing.StagePredictions >= MinStepPredictions && standing.StageAge.TotalHours >= MinStepHours;
        if (!stayed) return PromotionDecision.Wait;
        return NextStep(standing.Share) < 1 ? PromotionDecision.Ramp : PromotionDecision.Promote;
    }

    private double NextStep(double share) => Steps.Where(s => s > share).DefaultIfEmpty(1).Min();

    private PromotionCheck Predictions(ExperimentStanding s) =>
        PromotionCheck.AtLeast(
            "enough_predictions", s.Outcomes, MinPredictions, $"{s.Outcomes} outcomes foretold by both; at least {MinPredictions}");

    private PromotionCheck Hours(ExperimentStanding s) =>
        PromotionCheck.AtLeast("enough_time", s.Age.TotalHours, MinHours, $"{s.Age.TotalHours:0.0} hours; at least {MinHours}");

    private PromotionCheck Gain(ExperimentStanding s) => PromotionCheck.AtLeast(
        "net_bps_gain", s.RelativeGain, MinRelativeGain,
        (Words.Known(s.ChallengerArm.NetBps, s.ChampionArm.NetBps)
            ? $"{s.ChallengerArm.NetBps:0.00} against {s.ChampionArm.NetBps:0.00} net bps for each opportunity"
            + $"{(Words.Known(s.RelativeGain) ? $": {s.RelativeGain:+0.0%;-0.0%}" : ", beside which a champion that makes 0 has no measure")}; "
            : $"net bps for each opportunity are {Words.NotKnown}; ")
        + $"at least {MinRelativeGain:+0.0%}");

    private PromotionCheck Calibration(ExperimentStanding s) => PromotionCheck.AtMost(
        "calibrated", s.ChallengerArm.Ece, s.ChampionArm.Ece + EceSlack,
        Words.Known(s.ChallengerArm.Ece, s.ChampionArm.Ece)
            ? $"calibration error {s.ChallengerArm.Ece:0.000}; at most {s.ChampionArm.Ece + EceSlack:0.000}"
            : $"the calibration error is {Words.NotKnown}");

    private PromotionCheck Ranking(ExperimentStanding s) => PromotionCheck.AtLeast(
        "ranks_as_well", s.ChallengerArm.Auc, s.ChampionArm.Auc - AucSlack,
        Words.Known(s.ChallengerArm.Auc, s.ChampionArm.Auc)
            ? $"AUC {s.ChallengerArm.Auc:0.000}; at least {s.ChampionArm.Auc - AucSlack:0.000}"
            : $"the AUC is {Words.NotKnown}");

    private PromotionCheck Latency(ExperimentStanding s)
    {
        bool known = Math.Min(s.ChallengerArm.Predictions, s.ChampionArm.Predictions) >= MinLatencies;
        double measured = known ? s.ChallengerArm.P99!.Value.TotalMilliseconds : double.NaN;
        double limit = known ? Math.Max(FreeLatency, s.ChampionArm.P99!.Value.TotalMilliseconds * LatencyRatio) : double.NaN;
        return PromotionCheck.AtMost(
            "latency", measured, limit,
            known ? $"P99 {measured:0.000} ms; at most {limit:0.000} ms" : $"fewer than {MinLatencies} requests of an arm");
    }

    private PromotionCheck Errors(ExperimentStanding s) => PromotionCheck.AtMost(
        "errors", s.ChallengerArm.ErrorRate, s.ChampionArm.ErrorRate + ErrorSlack,
        Words.Known(s.ChallengerArm.ErrorRate, s.ChampionArm.ErrorRate)
            ? $"{s.ChallengerArm.ErrorRate:0.00%} of requests failed; at most {s.ChampionArm.ErrorRate + ErrorSlack:0.00%}"
            : $"how many requests failed is {Words.NotKnown}");

    private PromotionCheck Importance(double? moved, bool approved) => moved is not { } share
        ? new PromotionCheck("stable_importance", null, double.NaN, MaxImportanceMoved, "nothing to compare with; does not block")
        : new PromotionCheck(
            "stable_importance", share <= MaxImportanceMoved || approved, share, MaxImportanceMoved,
            $"{share:0.00} of importance moved; at most {MaxImportanceMoved:0.00}, or people agree{(approved ? ", and they have" : "")}");
}
