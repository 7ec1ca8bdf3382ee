using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Scoring;
using QuadTurbo.Training;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>The platform retrains itself from its own outcomes, and the lanes do not wait for it.</summary>
public sealed class FullRetrainTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task In_a_planted_world_a_model_passes_every_check_and_gains_on_edge_alone_within_five_retrains()
    {
        using Replayed replay = await Replayed.OfSyntheticAsync("feed.seed=1", "feed.instants=2500", "detection.directional=false", "triggers.profile=elite", "triggers.fullInterval=2000", "triggers.coolDownFull=00:10:00");
        var shelf = new ModelShelf(replay.DataDirectory);
        ShelfEntry[] made = [.. shelf.Entries.Where(e => e.Type == ModelType.MetaLabel).Take(5)];

        foreach (ShelfEntry entry in made) output.WriteLine($"{entry.Model.Label} at {entry.KnownAt:O} by {entry.Trigger}: {(entry.Ready ? "ready" : "not ready")}, {entry.Verdict}");
        ShelfEntry ready = Assert.Single(made.Where(e => e.Ready).Take(1));
        JsonNode report = JsonNode.Parse(shelf.Load(ready.Model.Id).Manifest.Evaluation)!["cross_venue"]!;
        Assert.True((double)report["auc_over_edge"]!["estimate"]! >= 0.005, report["auc_over_edge"]!.ToJsonString());
        Assert.Equal(shelf.Entries.Last(e => e is { Type: ModelType.MetaLabel, Ready: true }).Model.Id, replay.Get<string>("lanes/training/serving"));
        Assert.Equal(0, replay.Get<long>("conservation/missing"));
    }

    [Fact]
    public async Task While_a_retrain_is_held_open_the_lanes_go_on_and_when_it_ends_the_version_is_out()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("held");
        try
        {
            await using PlatformRun run = PlatformRun.Create(
                new PlatformRunPlan
                {
                    Schedule = Schedule.Concurrent,
                    DataDirectory = folder.FullName,
                    Settings = Replayed.SettingsOf(null, ["feed.seed=1", "feed.instants=3000", "triggers.profile=elite", "triggers.fullInterval=1000", "triggers.coolDownFull=00:00:00"]),
                    SyntheticStart = Replayed.Start,
                },
                TheHouse.Services);
            IDisposable held = await run.Services.GetRequiredService<RetrainSlot>().EnterAsync();
            await run.StartAsync();
            await run.Pump.Completion.WaitAsync(Patience);
            TrainingAnswer meanwhile = run.Services.GetRequiredService<TrainingLane>().Explain();
            long shadowed = run.Services.GetRequiredService<AuditorLane>().Read(audit => audit.Shadow.Processed);

            Assert.Equal("a full retrain is running", meanwhile.Guard);
            Assert.Empty(new ModelShelf(folder.FullName).Entries);
            Assert.True(meanwhile.Samples > 2_000 && shadowed > 2_000, $"{meanwhile.Samples} samples, {shadowed} shadow outcomes while the retrain was held");

            held.Dispose();
            await run.StopAsync().WaitAsync(Patience);
            Assert.Contains(new ModelShelf(folder.FullName).Entries, e => e.Type == ModelType.MetaLabel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
