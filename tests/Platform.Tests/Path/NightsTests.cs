using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>Twelve recorded days, learnt from night by night.</summary>
public sealed class NightsTests(ITestOutputHelper output)
{
    private static readonly long[] Wins = [0, 0, 1, 7, 7, 7, 7, 7, 7, 7, 192, 295];
    private static readonly long[] LabelWins = [0, 0, 1, 7, 7, 7, 7, 7, 7, 7, 186, 284];

    [Fact]
    public async Task Twelve_days_have_twelve_nights_each_trained_or_with_its_reason()
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording, output) is not { } path) return;

        using Replayed replay = await Replayed.OfAsync(path, "spring-training", "training.learn=nightly");

        JsonNode[] nights = Nights(replay);
        Assert.Equal(Enumerable.Range(0, 12).Select(d => new DateTime(2023, 3, 2).AddDays(d)), nights.Select(n => n["at"]!.GetValue<DateTime>()));
        Assert.Equal(Wins, nights.Select(n => (long)n["cross_venue"]!["wins"]!));
        Assert.Equal(LabelWins, nights.Select(n => (long)n["cross_venue"]!["label_wins"]!));
        Assert.All(nights, n => Assert.True((bool)n["trained"]! || ((string)n["why"]!).StartsWith("Not trained: ", StringComparison.Ordinal), n.ToJsonString()));
        Assert.All(nights[^2..], n => Assert.Contains("Trained, cross-venue", (string)n["why"]!, StringComparison.Ordinal));
        Assert.Equal(0, replay.Get<long>("conservation/missing"));
        string[] made = [.. nights.SelectMany(n => n["models"]!.AsArray()).Select(m => (string)m!)];
        var catalogue = VersionCatalogue.Read(System.IO.Path.Combine(replay.DataDirectory, RegistryService.Folder));
        Assert.All(made, id => Assert.Equal(id, catalogue.Find(id)?.Model.Id));
        foreach ((long sequence, object record) in LedgerFold.Events(replay.DataDirectory))
        {
            if (record is not DecisionRecord { Decision: var decision }) continue;
            LiveModel live = catalogue.LiveAt(VersionType.MetaLabel, decision.Opportunity.KnownAt);
            Assert.True(decision.Model == live.Champion || decision.Model == live.Challenger, $"record {sequence}: {decision.Model} judged at {decision.Opportunity.KnownAt:O} beside {live}");
        }
        Assert.Contains(catalogue.History, line => line.What == HistoryKind.ExperimentStarted);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Two_runs_make_the_same_models()
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording, output) is not { } path) return;

        using Replayed first = await Replayed.OfAsync(path, "spring-training", "training.learn=nightly");
        using Replayed second = await Replayed.OfAsync(path, "spring-training", "training.learn=nightly");

        Assert.Equal(first.DecisionHash, second.DecisionHash);
        Assert.Equal(ModelsOf(first), ModelsOf(second));
        Assert.NotEmpty(ModelsOf(first));
    }

    private static JsonNode[] Nights(Replayed replay) => [.. replay.Report["learning"]!["nights"]!.AsArray().Select(n => n!)];

    private static string[] ModelsOf(Replayed replay) => [.. Nights(replay).SelectMany(n => n["models"]!.AsArray()).Select(m => (string)m!)];
}
