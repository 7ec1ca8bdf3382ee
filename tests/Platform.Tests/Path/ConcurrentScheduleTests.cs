using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Auditor;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>The lanes side by side decide and fill as they do one after the other, as long as no model changes.</summary>
public sealed class ConcurrentScheduleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_made_up_recording_ends_the_same_in_both_schedules()
    {
        using var recording = new MadeUpRecording();
        await BothSchedulesAgreeAsync(recording.Path);
    }

    [Fact]
    public async Task Two_weeks_of_minutes_end_the_same_in_both_schedules()
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording, output) is { } path) await BothSchedulesAgreeAsync(path);
    }

    private static async Task BothSchedulesAgreeAsync(string path)
    {
        const string off = "training.learn=off";
        using Replayed lockstep = await Replayed.OfAsync(path, "safety", off);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("concurrent");
        try
        {
            JsonObject concurrent = await RunAsync(folder.FullName, Replayed.SettingsOf("safety", [off], path));

            Assert.Equal(lockstep.DecisionHash, (string)concurrent["decision_hash"]!);
            foreach (string part in new[] { "feed", "detected", "lanes", "conservation" })
                Assert.True(JsonNode.DeepEquals(lockstep.Report[part], concurrent[part]), $"{part}: {lockstep.Report[part]} in lockstep, {concurrent[part]} side by side");
            Assert.Equal(0, (long)concurrent["conservation"]!["missing"]!);
            Assert.Equal(lockstep.Outcomes, Replayed.OutcomesIn(folder.FullName));
            Assert.True(Assert.IsType<LedgerVerification.Intact>(LedgerVerifier.Verify(folder.FullName)).Sealed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // As `run` composes it, but with the recording's own session: a live run's session is new, and so are the ids in it.
    private static async Task<JsonObject> RunAsync(string folder, PlatformSettings settings)
    {
        FeedSettings feedSettings = settings.Get<FeedSettings>();
        InstrumentTable instruments = feedSettings.CreateInstruments();
        IMarketFeed feed = feedSettings.Open(instruments, Replayed.Start);
        var session = new FeedSession(feed.Report.Session);
        var opened = new SessionOpened
        {
            Session = session.Name,
            At = Replayed.Start,
            Preset = "safety",
            Version = PlatformRun.Version,
            FeatureSchema = FeatureSchema.Hash,
            Seed = feedSettings.Seed,
        };
        using IHost host = ServiceHost.Build(
            new ServiceHostOptions { Schedule = Schedule.Concurrent, DataDirectory = folder, Settings = settings, Clock = TimeProvider.System },
            TheHouse.Services,
            builder =>
            {
                builder.Services.AddSingleton(instruments);
                builder.Services.AddSingleton(feed);
                builder.Services.AddSingleton(session);
                builder.Services.AddSingleton(new FeedPace(TimeProvider.System, TimeProvider.System, null, stopsAtEnd: false));
                builder.Services.AddSingleton(new AuditRun(folder, opened));
            });
        await host.StartAsync();
        await host.Services.GetRequiredService<FeedPump>().Completion;
        await host.StopAsync();
        return host.Services.GetRequiredService<AuditorLane>().Read(PathReport.Of);
    }
}
