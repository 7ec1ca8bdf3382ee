using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Training;
using QuadTurbo.Training.Cycle;

namespace QuadTurbo.Platform.Commands;

/// <summary>What lane 3 did, for programs.</summary>
internal static class LearningReport
{
    /// <summary>Nights, contractual figures and champion and challenger side by side.</summary>
    public static JsonObject Of(Diary diary, TrainingLane lane, RegistryLane registry)
    {
        TrainingAnswer answer = lane.Explain();
        return new JsonObject
        {
            ["profile"] = answer.Profile,
            ["dataset"] = answer.Dataset,
            ["nights"] = new JsonArray([.. diary.Nights.Select(n => (JsonNode)n.ToJson())]),
            ["figures"] = new JsonArray([.. diary.Figures.Select(Diary.JsonOf)]),
            ["drifted"] = answer.Drifted,
            ["experiment"] = registry.Standing is { } standing ? JsonOf(standing) : null,
        };
    }

    private static JsonObject JsonOf(ExperimentStanding standing) => new()
    {
        ["experiment"] = standing.Experiment,
        ["challenger"] = standing.Challenger.Label,
        ["champion"] = standing.Champion.Label,
        ["share"] = standing.Share,
        ["outcomes"] = standing.Outcomes,
        ["samples"] = standing.Units,
        ["net_bps_gain"] = JsonOf(standing.GainBps),
        ["challenger_arm"] = JsonOf(standing.ChallengerArm),
        ["champion_arm"] = JsonOf(standing.ChampionArm),
    };

    private static JsonObject JsonOf(ArmStanding arm) => new()
    {
        ["predictions"] = arm.Predictions,
        ["net_bps"] = Tables.ReportJson.Known(arm.NetBps),
        ["auc"] = Tables.ReportJson.Known(arm.Auc),
        ["ece"] = Tables.ReportJson.Known(arm.Ece),
        ["drawdown_bps"] = Tables.ReportJson.Known(arm.DrawdownBps),
    };

    private static JsonObject JsonOf(Learning.Metrics.Interval interval) => new()
    {
        ["estimate"] = Tables.ReportJson.Known(interval.Estimate),
        ["low"] = Tables.ReportJson.Known(interval.Low),
        ["high"] = Tables.ReportJson.Known(interval.High),
    };
}

/// <summary>The same for people; nothing where no night has passed.</summary>
internal static class LearningText
{
    /// <summary>A line for each night, and one for the challenger.</summary>
    public static IEnumerable<string> Of(JsonObject report)
    {
        if (report["learning"] is not { } learning || (string?)learning["profile"] is not ("huracan" or "apex") || learning["nights"]!.AsArray() is not { Count: > 0 } nights) yield break;
        yield return "";
        yield return "night        wins   as labels   losses   rows    what became of it";
        foreach (JsonNode? night in nights)
        {
            JsonNode cross = night!["cross_venue"]!;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{night["at"]!.GetValue<DateTime>():yyyy-MM-dd} {cross["wins"],6} {cross["label_wins"],11} {cross["label_losses"],8} {night["rows"],6}    {Short(night)}");
        }
        yield return "wins: cross-venue outcomes with net > 0 known by that midnight; as labels: net beyond the break-even band. 'models list' names what was made";
        if (learning["experiment"] is { } experiment)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{experiment["experiment"]}: {experiment["challenger"]} beside {experiment["champion"]}, {experiment["outcomes"]} outcomes: net bps gained a minute {Number(experiment["net_bps_gain"])}");
        }
    }

    private static string Short(JsonNode night)
    {
        string made = night["trained"]!.GetValue<bool>() ? $"{night["label"]}, {(night["ready"]!.GetValue<bool>() ? "READY" : "not ready")}. " : "";
        return made + night["why"];
    }

    private static string Number(JsonNode? interval) =>
        interval?["low"] is null ? "not known yet" : string.Create(CultureInfo.InvariantCulture, $"{(double)interval["estimate"]!:0.####} [{(double)interval["low"]!:0.####}, {(double)interval["high"]!:0.####}]");
}
