using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
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

    private const int Capacity = 1_024;

    /// <summary>Hears model.trained and outcome.simulated; says model.assigned.</summary>
    public static Service Definition { get; } = new("registry", Add, Map) { Settings = [typeof(RegistrySettings)] };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(static sp => History.Open(FolderOf(sp)));
        builder.Services.AddSingleton(static sp => new ArtefactStore(FolderOf(sp)));
        builder.Services.AddSingleton<VersionCatalogue>();
        builder.Services.AddSingleton<RegistryLane>();
        builder.Services.AddHostedService<RegistryStart>();
        builder.Answer(Queries.LastOrdinal, static (VersionCatalogue catalogue, LastOrdinalQuestion _, CancellationToken _) =>
            ValueTask.FromResult(Math.Max(0, catalogue.NextOrdinal(VersionType.MetaLabel) - 1)));
        builder.Subscribe(Topics.ModelTrained, static _ => new Listener<RegistryLane, ModelTrained>(
            static (lane, trained, cancel) => lane.OnTrainedAsync(trained, cancel), QueuePolicy.Wait(Capacity)));
        builder.Subscribe(Topics.ModelAssigned, static _ => new Listener<RegistryLane, ModelAssigned>(
            static (lane, assigned, cancel) => lane.OnAssignedAsync(assigned, cancel), QueuePolicy.Wait(Capacity)));
        builder.Subscribe(Topics.OutcomeSimulated, static _ => new Listener<RegistryLane, OutcomesKnown>(
            static (lane, known, cancel) => lane.OnOutcomesAsync(known, cancel), QueuePolicy.Wait(Capacity)));
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
    }

    private static string FolderOf(IServiceProvider services) => Path.Combine(services.GetRequiredService<ServiceHostOptions>().DataDirectory, Folder);

    /// <summary>Says what judges after the ledger was read, before the feed begins.</summary>
    private sealed class RegistryStart(RegistryLane lane) : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken) => await lane.StartAsync(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
