using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Training;
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
        string folder = System.IO.Path.Combine(replay.DataDirectory, RegistryService.Folder);
        var catalogue = VersionCatalogue.Read(folder);
        ModelVersion[] made = [.. catalogue.Versions(VersionType.MetaLabel).Where(v => v.Kind == "ensemble").Take(5)];

        foreach (ModelVersion version in made) output.WriteLine($"{version.Model.Label} at {version.KnownAt:O}: {(version.Ready == true ? "ready" : "not ready")}, {version.Verdict}");
        ModelVersion ready = Assert.Single(made.Where(v => v.Ready == true).Take(1));
        JsonNode report = JsonNode.Parse(new ArtefactStore(folder).LoadPackage(ready.Model.Id).Manifest.Evaluation)!["cross_venue"]!;
        foreach (HistoryEntry line in catalogue.History) output.WriteLine($"{line.Seq} {line.At:O} {line.What} {catalogue.Find(line.Model)!.Model.Label} {line.Why}");
        output.WriteLine($"residual correlation {report["residual_correlation"]}");
        Assert.True((double)report["auc_over_edge"]!["estimate"]! >= 0.005, report["auc_over_edge"]!.ToJsonString());
        Assert.Contains(catalogue.History, line => line.What == HistoryKind.ExperimentStarted && line.Model == ready.Model.Id);
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
            VersionCatalogue catalogue = run.Services.GetRequiredService<VersionCatalogue>();
            Assert.DoesNotContain(catalogue.Versions(), v => v.Kind == "ensemble");
            Assert.True(meanwhile.Samples > 2_000 && shadowed > 2_000, $"{meanwhile.Samples} samples, {shadowed} shadow outcomes while the retrain was held");

            held.Dispose();
            await run.StopAsync().WaitAsync(Patience);
            Assert.Contains(catalogue.Versions(VersionType.MetaLabel), v => v.Kind == "ensemble");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
