using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Registry.Desk;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Mlflow;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Registry;

/// <summary>Which model judges, and why.</summary>
public static class RegistryService
{
    /// <summary>The folder of history and artefacts, under the data directory.</summary>
    public const string Folder = "registry";

    /// <summary>The folder that files are imported from unless the settings name another, under the data directory.</summary>
    public const string ImportFolder = "import";

    private const int Capacity = 1_024;

    /// <summary>Hears model.trained and outcome.simulated; says model.assigned.</summary>
    public static Service Definition { get; } = new("registry", Add, Map) { Settings = [typeof(RegistrySettings)] };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(static sp => History.Open(FolderOf(sp)));
        builder.Services.AddSingleton(static sp => new ArtefactStore(FolderOf(sp)));
        builder.Services.AddSingleton(static sp => new EvidenceStore(FolderOf(sp)));
        builder.Services.AddSingleton<VersionCatalogue>();
        builder.Services.AddSingleton<RegistryLane>();
        builder.Services.AddSingleton(static sp => new RegistryDesk(
            sp.GetRequiredService<VersionCatalogue>(), sp.GetRequiredService<ArtefactStore>(), ImportFolderOf(sp), sp.GetRequiredService<TimeProvider>(),
            sp.GetRequiredService<RegistryLane>()));
        builder.Services.AddSingleton<ModelExchange>();
        builder.Services.AddSingleton<ModelPages>();
        builder.Services.AddSingleton(static sp => new MlflowDoor(new MlflowRest(
            sp.GetRequiredService<VersionCatalogue>(), sp.GetRequiredService<ModelExchange>(), ImportFolderOf(sp), sp.GetRequiredService<TimeProvider>())));
        builder.Services.AddHostedService<RegistryStart>();
        builder.Answer(Queries.LastOrdinal, static (VersionCatalogue catalogue, LastOrdinalQuestion _, CancellationToken _) =>
            ValueTask.FromResult(Math.Max(0, catalogue.NextOrdinal(VersionType.MetaLabel) - 1)));
        AnswerPeople(builder);
        builder.Subscribe(Topics.ModelTrained, static _ => new Listener<RegistryLane, ModelTrained>(
            static (lane, trained, cancel) => lane.OnTrainedAsync(trained, cancel), QueuePolicy.Wait(Capacity)));
        builder.Subscribe(Topics.ModelAssigned, static _ => new Listener<RegistryLane, ModelAssigned>(
            static (lane, assigned, cancel) => lane.OnAssignedAsync(assigned, cancel), QueuePolicy.Wait(Capacity)));
        builder.Subscribe(Topics.OutcomeSimulated, static _ => new Listener<RegistryLane, OutcomesKnown>(
            static (lane, known, cancel) => lane.OnOutcomesAsync(known, cancel), QueuePolicy.Wait(Capacity)));
    }

    private static void AnswerPeople(IHostApplicationBuilder builder)
    {
        builder.Answer(Queries.RegisterVersion, static (RegistryDesk desk, RegisterVersion asked, CancellationToken cancel) =>
            desk.RegisterAsync(asked, anywhere: false, cancel));
        builder.Answer(Queries.StartAbTest, static (RegistryDesk desk, StartAbTest asked, CancellationToken cancel) => desk.StartAbTestAsync(asked, cancel));
        builder.Answer(Queries.PromoteWinner, static (RegistryDesk desk, PromoteWinner asked, CancellationToken cancel) => desk.PromoteWinnerAsync(asked, cancel));
        builder.Answer(Queries.RollBack, static (RegistryDesk desk, RollBack asked, CancellationToken cancel) => desk.RollBackAsync(asked, cancel));
        builder.Answer(Queries.Unpin, static (RegistryDesk desk, Unpin asked, CancellationToken cancel) => desk.UnpinAsync(asked, cancel));
        builder.Answer(Queries.SummariseVersions, static (RegistryDesk desk, SummariseVersions asked, CancellationToken _) => ValueTask.FromResult(desk.Summarise(asked)));
        builder.Answer(Queries.ModelHistory, static (RegistryDesk desk, HistoryQuestion asked, CancellationToken _) => ValueTask.FromResult(desk.History(asked)));
        builder.Answer(Queries.Models, static (ModelPages pages, ModelsQuestion asked, CancellationToken _) => ValueTask.FromResult(pages.Page(asked)));
        builder.Answer(Queries.Model, static (ModelPages pages, ModelQuestion asked, CancellationToken _) => ValueTask.FromResult(pages.Of(asked)));
        builder.Answer(Queries.Mlflow, static (MlflowDoor door, MlflowCall call, CancellationToken _) => ValueTask.FromResult(door.Answer(call)));
    }

    private static string ImportFolderOf(IServiceProvider services) => services.GetRequiredService<RegistrySettings>().ImportFolder is { Length: > 0 } named
        ? named
        : Path.Combine(services.GetRequiredService<ServiceHostOptions>().DataDirectory, ImportFolder);

    private static void Map(IEndpointRouteBuilder routes)
    {
    }

    private static string FolderOf(IServiceProvider services) => Path.Combine(services.GetRequiredService<ServiceHostOptions>().DataDirectory, Folder);

    // A run has the folder that people are told to put files into; a replay takes none.
    private static void MakeImportFolder(IServiceProvider services)
    {
        if (services.GetRequiredService<ServiceHostOptions>().Schedule == Schedule.Lockstep) return;
        try
        {
            Directory.CreateDirectory(ImportFolderOf(services));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where it cannot be made nothing can be registered, and registering says that there is no such file.
        }
    }

    /// <summary>Says what judges after the ledger was read, before the feed begins; keeps what was counted when everything has stopped.</summary>
    private sealed class RegistryStart(RegistryLane lane, IServiceProvider services) : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            MakeImportFolder(services);
            await lane.StartAsync(cancellationToken);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StoppedAsync(CancellationToken cancellationToken) => await lane.StopAsync(cancellationToken);
    }
}
