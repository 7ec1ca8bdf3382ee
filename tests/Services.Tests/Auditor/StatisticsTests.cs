using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

public sealed class StatisticsTests : IDisposable
{
    // NAME-07: the sample report of the seed, to the letter.
    private const string Sample =
        """
        ================================================================================
          QUAD-TURBO RS ENGINE - STATISTICS
        ================================================================================

          Lane 1 (PRODUCTION):
            Processed: 847
            Success: 651
            Total Profit: $12,345.67
            Win Rate: 76.9%

          Lane 2 (SHADOW SIM):
            Processed: 1,203
            Success: 921
            Total Profit (simulated): $18,234.12
            Win Rate: 76.6%

          Lane 3 (TRAINING):
            Samples Collected: 1,203
            Model Version: v12
            Training Runs: 12
            Current Accuracy: 0.8234

          Lane 4 (PRE-VALIDATOR):
            Processed: 1,500
            Passed: 1,203
            Failed: 297
            Pass Rate: 80.2%

          Production vs Shadow Comparison:
            Total Comparisons: 847
            Avg Discrepancy: $2.34
        ================================================================================

        """;

    private readonly PathAudit _audit = new();

    public void Dispose() => _audit.Dispose();

    [Fact]
    public void The_seeds_sample_report_comes_out_of_events_to_the_letter()
    {
        // 847 passed while production was on: 651 wins and 196 losses of 5 that make 12,345.67, each 2.34 below its shadow.
        for (int n = 0; n < 847; n++)
        {
            decimal net = n < 650 ? 20.46m : n == 650 ? 26.67m : -5m;
            Follow(n, net, net + 2.34m);
        }

        // 356 passed while it was off: 270 wins and 86 losses of 3 that bring the shadow to 18,234.12.
        for (int n = 847; n < 1_203; n++) Follow(n, null, n < 1_116 ? 15.42m : n == 1_116 ? 16.49m : -3m);
        for (int n = 1_203; n < 1_500; n++) _audit.Apply(Judged.Decide(n, GateState.Fail), DueLanes.None);
        for (int run = 1; run <= 12; run++) _audit.Apply(Trained(run, run == 12 ? 0.8234 : 0.5));

        Assert.StartsWith(Sample.ReplaceLineEndings(), StatisticsText.Of(PathReport.Of(_audit)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_rates_of_the_sample_are_its_quotients()
    {
        Assert.Equal([76.9, 76.6, 80.2], new[] { 651.0 / 847, 921.0 / 1_203, 1_203.0 / 1_500 }.Select(rate => Math.Round(100 * rate, 1)));
    }

    [Fact]
    public void A_report_of_nothing_says_unknown_and_not_nought()
    {
        string text = StatisticsText.Of(PathReport.Of(_audit));

        Assert.Contains("    Win Rate: unknown", text, StringComparison.Ordinal);
        Assert.Contains("    Pass Rate: unknown", text, StringComparison.Ordinal);
        Assert.Contains("    Current Accuracy: unknown", text, StringComparison.Ordinal);
        Assert.Contains("    Avg Discrepancy: unknown", text, StringComparison.Ordinal);
        Assert.Contains("    Total Profit: $0.00", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_says_what_was_missed_lost_and_why_production_and_shadow_differ()
    {
        Follow(0, -1_234.5m, -1_234.5m);
        Decision missed = Judged.Decide(1);
        _audit.Apply(missed, DueLanes.Production | DueLanes.Shadow);
        _audit.Apply(missed.Missed(Lane.Production, MissCode.FeedGap));
        _audit.Apply(missed.Earned(Lane.ShadowSim, 2m));

        JsonObject report = PathReport.Of(_audit);
        string text = StatisticsText.Of(report);

        Assert.Contains("    Total Profit: -$1,234.50", text, StringComparison.Ordinal);
        Assert.Contains("    Missed: 1 (feed_gap 1)", text, StringComparison.Ordinal);
        Assert.Contains("gap of production to shadow: -$2.00 = missed -$2.00", text, StringComparison.Ordinal);
        Assert.Contains("conservation: 0 missing of 4 due outcomes", text, StringComparison.Ordinal);
        Assert.Equal(text, StatisticsText.Of(JsonNode.Parse(report.ToJsonString())!));
    }

    private void Follow(int n, decimal? production, decimal shadow)
    {
        Decision decision = Judged.Decide(n);
        _audit.Apply(decision, production is null ? DueLanes.Shadow : DueLanes.Production | DueLanes.Shadow);
        if (production is { } net) _audit.Apply(decision.Earned(Lane.Production, net));
        _audit.Apply(decision.Earned(Lane.ShadowSim, shadow));
    }

    private static ModelTrained Trained(int ordinal, double accuracy) => new()
    {
        Model = new ModelRef($"sha256:{ordinal}", $"v0.1.{ordinal}", ordinal),
        Package = default,
        Trigger = "samples",
        Samples = 100 * ordinal,
        Accuracy = accuracy,
        Auc = 0.8,
        LogLoss = 0.5,
        BaselineLogLoss = 0.6,
        KnownAt = Example.Noon,
    };
}
