using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>Two weeks of recorded minutes, replayed once for the tests of this file.</summary>
public sealed class TwoWeeksOfMinutes : IAsyncLifetime
{
    internal const string Recording = "cex_l1_btc_mar2023";

    internal Replayed? Replay { get; private set; }

    public async Task InitializeAsync()
    {
        if (Replayed.Shared(Recording) is { } path) Replay = await Replayed.OfAsync(path, "spring-training");
    }

    public Task DisposeAsync()
    {
        Replay?.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>Exact numbers on real recorded data; they follow from the rules, nothing is fitted to the files.</summary>
public sealed class RecordedNumbersTests(TwoWeeksOfMinutes weeks, ITestOutputHelper output) : IClassFixture<TwoWeeksOfMinutes>
{
    [Theory]
    [InlineData("BTC-USD", 16_884, 5_729, 293, 261, 28, 4)]
    [InlineData("BTC-USDT", 16_862, 2_013, 17, 6, 3, 8)]
    public void Gaps_between_venues_and_what_became_of_them_are_counted_exactly(
        string symbol, long aligned, long gross, long net, long win, long loss, long missed)
    {
        if (Minutes() is not { } replay) return;
        string at = $"detected/bySymbol/{symbol}/";

        Assert.Equal((aligned, gross, net), (replay.Get<long>(at + "aligned"), replay.Get<long>(at + "grossPositive"), replay.Get<long>(at + "netPositive")));
        Assert.Equal((win, loss, missed), (
            replay.Get<long>(at + "netPositiveOutcomes/win"), replay.Get<long>(at + "netPositiveOutcomes/loss"), replay.Get<long>(at + "netPositiveOutcomes/missed")));
        Assert.Equal(9, replay.Get<long>("feed/rejected/crossed"));
    }

    [Fact]
    public void Nothing_is_lost_and_the_ledger_is_whole_and_sealed()
    {
        if (Minutes() is not { } replay) return;

        Assert.Equal(0, replay.Get<long>("conservation/missing"));
        Assert.Equal(replay.Get<long>("detected/total"), replay.Get<long>("conservation/verdicts"));
        Assert.Equal(replay.Get<long>("detected/total"), replay.Get<long>("lanes/shadow/processed"));
        Assert.True(Assert.IsType<LedgerVerification.Intact>(replay.Verification).Sealed);
    }

    [Fact]
    public void What_was_live_at_an_instant_is_what_judged_then()
    {
        if (Minutes() is not { } replay) return;
        var catalogue = VersionCatalogue.Read(System.IO.Path.Combine(replay.DataDirectory, RegistryService.Folder));
        var models = new HashSet<string>();

        foreach ((long sequence, object record) in LedgerFold.Events(replay.DataDirectory))
        {
            if (record is not DecisionRecord { Decision: var decision }) continue;
            LiveModel live = catalogue.LiveAt(VersionType.MetaLabel, decision.Opportunity.KnownAt);
            models.Add(decision.Model.Id);
            Assert.True(live.Champion == decision.Model, $"record {sequence}: {decision.Model} judged at {decision.Opportunity.KnownAt:O}, and {live.Champion} was live, because {live.Why}");
        }
        Assert.True(models.Count > 100, $"{models.Count} models judged");
    }

    [Fact]
    public void One_altered_byte_in_the_history_or_in_an_artefact_is_refused_and_named()
    {
        if (Minutes() is not { } replay) return;
        string folder = System.IO.Path.Combine(replay.DataDirectory, RegistryService.Folder), history = System.IO.Path.Combine(folder, History.FileName);
        ModelVersion version = VersionCatalogue.Read(folder).Versions(VersionType.MetaLabel)[^1];

        Altered(System.IO.Path.Combine(folder, version.Path), () =>
            Assert.Contains(version.Path, Assert.Throws<RegistryRefusedException>(() => new ArtefactStore(folder).Load(version.Model.Id)).Message, StringComparison.Ordinal));
        Altered(history, () => Assert.Contains(History.FileName, Assert.Throws<HistoryDamagedException>(() => VersionCatalogue.Read(folder)).Message, StringComparison.Ordinal));
    }

    private static void Altered(string file, Action meanwhile)
    {
        byte[] bytes = File.ReadAllBytes(file), altered = [.. bytes];
        altered[altered.Length / 2] ^= 1;
        File.WriteAllBytes(file, altered);
        try
        {
            meanwhile();
        }
        finally
        {
            File.WriteAllBytes(file, bytes);
        }
    }

    [Fact]
    public void Every_decision_computes_again_to_the_same_bits()
    {
        if (Minutes() is not { } replay) return;
        var judge = new SecondJudge();
        long count = 0;
        foreach ((long sequence, object record) in LedgerFold.Events(replay.DataDirectory))
        {
            judge.Know(record);
            if (record is not DecisionRecord { Decision: var decision }) continue;
            count++;
            Assert.True(judge.Differs(decision) is null, $"record {sequence}: {judge.Differs(decision)}");
        }
        Assert.Equal(replay.Get<long>("conservation/verdicts"), count);
    }

    [Fact]
    public void The_second_judge_sees_a_score_that_differs_in_its_last_bit()
    {
        if (Minutes() is not { } replay) return;
        Decision decision = replay.Decisions.First().Decision;

        Assert.Contains("score", new SecondJudge().Differs(decision with { Score = Math.BitIncrement(decision.Score) }), StringComparison.Ordinal);
        Assert.Contains("action", new SecondJudge().Differs(decision with { Passed = !decision.Passed }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_folded_from_the_ledger_is_the_live_one()
    {
        if (Minutes() is not { } replay) return;
        using PathAudit audit = LedgerFold.Of(replay.DataDirectory);
        JsonObject folded = PathReport.Of(audit);

        foreach ((string name, JsonNode? value) in folded)
            Assert.True(JsonNode.DeepEquals(value, replay.Report[name]), $"{name}: {value} folded, {replay.Report[name]} live");
    }

    [Fact]
    public async Task A_second_replay_gives_the_same_decisions_and_the_same_records_to_the_byte()
    {
        if (Minutes() is not { } first) return;
        using Replayed second = await Replayed.OfAsync(Replayed.Shared(TwoWeeksOfMinutes.Recording)!, "spring-training");

        Assert.Equal(first.DecisionHash, second.DecisionHash);
        Assert.Equal(first.LedgerContent, second.LedgerContent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("safety")]
    public async Task Inverse_perpetuals_show_gaps_that_no_fee_leaves_a_profit(string? preset)
    {
        if (Replayed.Shared("lean_minute_20221213", output) is not { } path) return;
        using Replayed replay = await Replayed.OfAsync(path, preset);
        const string at = "detected/bySymbol/BTCUSD-PERP/";

        Assert.Equal((243L, 239L, 0L), (replay.Get<long>(at + "aligned"), replay.Get<long>(at + "grossPositive"), replay.Get<long>(at + "netPositive")));
        NoGapIsTraded(replay);
    }

    [Fact]
    public async Task Ticks_of_venues_that_share_no_symbol_say_so()
    {
        if (Replayed.Shared("cex_ticks_nov2025", output) is not { } path) return;
        using Replayed replay = await Replayed.OfAsync(path, "safety");

        Assert.Equal((39_085L, 2_735L, 0L), (replay.Get<long>("feed/quotes"), replay.Get<long>("feed/trades"), replay.Get<long>("feed/rejected/malformed")));
        Assert.Contains(replay.Report["feed"]!["remarks"]!.AsArray(), r => ((string)r!).Contains("no two venues share a symbol", StringComparison.Ordinal));
        Assert.DoesNotContain(replay.Decisions, d => d.Decision.Opportunity.Kind == OpportunityKind.CrossVenue);
        NoGapIsTraded(replay);
    }

    [Fact]
    public async Task Ticks_with_one_dollar_taken_for_another_show_gaps_in_all_three_coins()
    {
        if (Replayed.Shared("cex_ticks_nov2025", output) is not { } path) return;
        using Replayed replay = await Replayed.OfAsync(path, "safety", "feed.treatAs.USDT=USD");
        KeyValuePair<string, JsonNode?>[] symbols = [.. replay.Report["detected"]!["bySymbol"]!.AsObject().Where(s => (long)s.Value!["grossPositive"]! > 0)];

        Assert.Equal(3, symbols.Length);
        Assert.All(symbols, s => Assert.Equal(0, (long)s.Value!["netPositive"]!));
        Assert.DoesNotContain(replay.Report["feed"]!["remarks"]!.AsArray(), r => ((string)r!).Contains("no two venues share a symbol", StringComparison.Ordinal));
        NoGapIsTraded(replay);
    }

    private static void NoGapIsTraded(Replayed replay)
    {
        Assert.DoesNotContain(replay.Decisions, d => d.Decision.Opportunity.Kind == OpportunityKind.CrossVenue && d.Due.HasFlag(DueLanes.Production));
        Assert.Equal(0, replay.Get<long>("conservation/missing"));
    }

    private Replayed? Minutes()
    {
        if (weeks.Replay is null) Replayed.Shared(TwoWeeksOfMinutes.Recording, output);
        return weeks.Replay;
    }
}
