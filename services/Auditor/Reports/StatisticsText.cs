using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace QuadTurbo.Auditor.Reports;

/// <summary>The report of a run as text [LSTAT-03], with the findings behind it.</summary>
public static class StatisticsText
{
    private const int Width = 80;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The text of <paramref name="report"/>, as <see cref="PathReport"/> or the JSON file of a command gives it.</summary>
    public static string Of(JsonNode report)
    {
        var text = new StringBuilder();
        Banner(text, report);
        Lanes(text, report["lanes"]!);
        Comparison(text, report["comparison"]!);
        text.AppendLine(new string('=', Width));
        Gap(text, report["comparison"]!);
        Shadow(text, report["lanes"]!["shadow"]!);
        Market(text, report);
        Gates(text, report["gates"]!.AsArray());
        Labelled(text, report["labelled"]);
        Alerts(text, report["alerts"]?.AsArray());
        Line(text, $"conservation: {Count(report["conservation"]!["missing"])} missing of {Count(report["conservation"]!["due"])} due outcomes{Open(report["conservation"]!["open"])}");
        Line(text, $"decision hash: {report["decision_hash"]}");
        return text.ToString();
    }

    private static void Banner(StringBuilder text, JsonNode report)
    {
        text.AppendLine(new string('=', Width)).AppendLine("  QUAD-TURBO RS ENGINE - STATISTICS");
        if (report["feed"]?["synthetic"]?.GetValue<bool>() == true) text.AppendLine("  SYNTHETIC MARKET: made-up prices, no money");
        text.AppendLine(new string('=', Width)).AppendLine();
    }

    private static void Lanes(StringBuilder text, JsonNode lanes)
    {
        Trading(text, "Lane 1 (PRODUCTION):", "Total Profit", lanes["production"]!);
        Trading(text, "Lane 2 (SHADOW SIM):", "Total Profit (simulated)", lanes["shadow"]!);
        JsonNode training = lanes["training"]!, judged = lanes["pre_validator"]!;
        Line(text, "  Lane 3 (TRAINING):");
        Line(text, $"    Samples Collected: {Count(training["samples_collected"])}");
        Line(text, $"    Model Version: {training["model_version"]}");
        Line(text, $"    Training Runs: {Count(training["training_runs"])}");
        Line(text, $"    Current Accuracy: {Number(training["accuracy"], "0.0000")}");
        text.AppendLine();
        Line(text, "  Lane 4 (PRE-VALIDATOR):");
        Line(text, $"    Processed: {Count(judged["processed"])}");
        Line(text, $"    Passed: {Count(judged["passed"])}");
        Line(text, $"    Failed: {Count(judged["failed"])}");
        Line(text, $"    Pass Rate: {Percent(judged["pass_rate"])}");
        text.AppendLine();
    }

    private static void Trading(StringBuilder text, string title, string profit, JsonNode lane)
    {
        Line(text, $"  {title}");
        Line(text, $"    Processed: {Count(lane["processed"])}");
        Line(text, $"    Success: {Count(lane["success"])}");
        Line(text, $"    {profit}: {Dollars(lane["total_profit"])}");
        Line(text, $"    Win Rate: {Percent(lane["win_rate"])}");
        foreach ((string currency, JsonNode? amount) in lane["profit_by_currency"]?.AsObject() ?? [])
            if (currency != "USD") Line(text, $"    In {currency} (rate unknown, not in the total): {Number(amount, "N2")}");
        if (lane["missed"]?.GetValue<long>() > 0)
        {
            IEnumerable<string> codes = (lane["missed_by"]?.AsObject() ?? []).Select(m => $"{m.Key} {Count(m.Value)}");
            Line(text, $"    Missed: {Count(lane["missed"])} ({string.Join(", ", codes)})");
        }
        text.AppendLine();
    }

    private static void Comparison(StringBuilder text, JsonNode comparison)
    {
        Line(text, "  Production vs Shadow Comparison:");
        Line(text, $"    Total Comparisons: {Count(comparison["total"])}");
        Line(text, $"    Avg Discrepancy: {Dollars(comparison["avg_discrepancy"])}");
    }

    private static void Gap(StringBuilder text, JsonNode comparison)
    {
        if (comparison["total"]!.GetValue<long>() == 0) return;
        IEnumerable<string> causes = comparison["causes"]!.AsObject().Where(c => Math.Round(Amount(c.Value), 2) != 0).Select(c => $"{c.Key} {Dollars(c.Value)}");
        Line(text, $"gap of production to shadow: {Dollars(comparison["gap"])} = {string.Join(" + ", causes.DefaultIfEmpty("nothing"))}");
    }

    private static void Shadow(StringBuilder text, JsonNode shadow)
    {
        foreach (string part in (string[])["passed", "blocked"])
        {
            if (shadow[part] is { } lane)
                Line(text, $"shadow of what was {part}: {Count(lane["processed"])} processed, win rate {Percent(lane["win_rate"])}, {Dollars(lane["total_profit"])}");
        }
    }

    private static void Market(StringBuilder text, JsonNode report)
    {
        if (report["feed"] is not { } feed) return;
        string sampling = feed["sample_s"] is { } seconds ? $"sampled every {seconds} s" : "events";
        Line(text, $"market: {feed["name"]}, {Count(feed["rows"])} rows, {Count(feed["quotes"])} quotes, {Count(feed["trades"])} trades, {sampling}");
        JsonNode rejected = feed["rejected"]!;
        Line(text, $"rejected: {Count(rejected["crossed"])} crossed, {Count(rejected["stale"])} stale, {Count(rejected["malformed"])} malformed");
        foreach (string row in Texts(feed["malformed_rows"])) Line(text, $"  malformed {row}");
        foreach (string skipped in Texts(feed["skipped"])) Line(text, $"  skipped {skipped}");
        foreach (string remark in Texts(feed["remarks"])) Line(text, $"note: {remark}");
        text.AppendLine();
        Line(text, $"{"symbol",-14}{"aligned",9}{"gross > 0",11}{"net > 0",9}{"win",6}{"loss",6}{"missed",8}");
        foreach ((string symbol, JsonNode? s) in report["detected"]!["bySymbol"]!.AsObject())
        {
            JsonNode outcomes = s!["netPositiveOutcomes"]!;
            Line(text, $"{symbol,-14}{Count(s["aligned"]),9}{Count(s["grossPositive"]),11}{Count(s["netPositive"]),9}{Count(outcomes["win"]),6}{Count(outcomes["loss"]),6}{Count(outcomes["missed"]),8}");
        }
        Line(text, $"directional signals: {Count(report["detected"]!["directional"])}");
        text.AppendLine();
    }

    private static void Gates(StringBuilder text, JsonArray gates)
    {
        if (gates.Count == 0) return;
        Line(text, $"{"gate",-17}{"pass",9}{"fail",9}{"unknown",9}{"good",8}{"bad",7}{"saved",11}{"missed",11}  verdict");
        foreach (JsonNode? gate in gates)
        {
            Line(text, $"{gate!["name"],-17}{Count(gate["pass"]),9}{Count(gate["fail"]),9}{Count(gate["unknown"]),9}{Count(gate["good_blocks"]),8}{Count(gate["bad_blocks"]),7}{Dollars(gate["saved"]),11}{Dollars(gate["missed"]),11}  {gate["verdict"]}");
        }
        if (gates.Sum(g => g!["good_blocks"]!.GetValue<long>()) > 0) Line(text, "(a failed validation whose shadow trade lost is an avoided loss: 'saved')");
        text.AppendLine();
    }

    private static void Labelled(StringBuilder text, JsonNode? labelled)
    {
        if (labelled is null) return;
        string ratio = labelled["ratio"] is { } times ? $", {Number(times, "0.0")} times as many" : "";
        Line(text, $"labelled samples: {Count(labelled["all_lanes"])} from all lanes, {Count(labelled["production_alone"])} from production alone{ratio}");
    }

    private static void Alerts(StringBuilder text, JsonArray? alerts)
    {
        foreach (JsonNode? alert in alerts ?? []) Line(text, $"ALERT {alert!["code"]}: {alert["cause"]}. {alert["advice"]}.");
    }

    private static string Open(JsonNode? open) => open is null || Amount(open) == 0 ? "" : $", {Count(open)} still open";

    private static void Line(StringBuilder text, string line) => text.AppendLine(line.TrimEnd());

    private static IEnumerable<string> Texts(JsonNode? array) => (array?.AsArray() ?? []).Select(t => t!.GetValue<string>());

    private static decimal Amount(JsonNode? node) => node is null ? 0m : decimal.Parse(node.ToJsonString(), NumberStyles.Float, Culture);

    private static string Count(JsonNode? node) => node is null ? "unknown" : Amount(node).ToString("N0", Culture);

    private static string Number(JsonNode? node, string format) => node is null ? "unknown" : Amount(node).ToString(format, Culture);

    private static string Percent(JsonNode? node) => node is null ? "unknown" : (100m * Amount(node)).ToString("0.0", Culture) + "%";

    private static string Dollars(JsonNode? node)
    {
        if (node is null) return "unknown";
        decimal amount = Amount(node);
        return (amount < 0 ? "-$" : "$") + Math.Abs(amount).ToString("N2", Culture);
    }
}
