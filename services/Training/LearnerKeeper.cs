using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.State;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training;

/// <summary>Keeps what was learnt across restarts: saved every 30 s and at the stop, taken up before the first message.</summary>
/// <remarks>Predictions do not start from nothing after a restart; a crash costs at most what was learnt since the last save.</remarks>
internal sealed partial class LearnerKeeper(TrainingLane lane, ITransport transport, TimeProvider clock, ILogger<LearnerKeeper> log, LearnerStore? store = null) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30), AskAgain = TimeSpan.FromSeconds(1);

    // Of a stop: a longer retrain is given up, and made again from the dataset that is saved.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store is null) return;
        if (await store.LoadAsync(cancellationToken) is { } state) lane.Restore(state);
        lane.AwaitVersions();
        if (!await AskAsync(cancellationToken)) LogWaits(log);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(CancellationToken.None);
        try
        {
            await lane.UntilPublishedAsync().WaitAsync(Patience, TimeProvider.System, cancellationToken);
            await SaveAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogGivenUp(log);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store is null) return;
        try
        {
            using (var again = new PeriodicTimer(AskAgain, TimeProvider.System))
                while (!lane.KnowsVersions && !await AskAsync(stoppingToken)) await again.WaitForNextTickAsync(stoppingToken);
            using var timer = new PeriodicTimer(Every, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SaveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: StopAsync saves the last state.
        }
    }

    // Versions may be newer than the last save, and 'train' registers some while nothing runs. The registry may be another process, and not be there yet.
    private async Task<bool> AskAsync(CancellationToken cancel)
    {
        try
        {
            lane.GoOnAfter(await transport.AskAsync(Queries.LastOrdinal, new LastOrdinalQuestion(), cancel));
            return true;
        }
        catch (UnansweredQueryException)
        {
            return false;
        }
    }

    private async Task SaveAsync(CancellationToken cancel)
    {
        if (store is null) return;
        try
        {
            await store.SaveAsync(lane.Save(), cancel);
        }
        catch (DbException e)
        {
            // A full disk, for example: what was saved before stays, and the next save has it all.
            LogNotSaved(log, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A retrain was still running at the stop and is given up; what was learnt is saved")]
    private static partial void LogGivenUp(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The registry does not say which versions there are; until it does nothing is learnt, and labels wait")]
    private static partial void LogWaits(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was learnt is not saved: {Why}")]
    private static partial void LogNotSaved(ILogger log, string why);
}

/// <summary>Where the learner's state is kept between runs.</summary>
public sealed class LearnerStore(KeyValueStore state)
{
    private const string Head = "training/learner";
    private const string CrossVenue = "training/learner/cross-venue";
    private const string Directional = "training/learner/directional";
    private const string Reported = "training/learner/reported";
    private const string Dataset = "training/learner/dataset/";

    // Of a value's limit of 1 MiB.
    private const int Piece = 1_000_000;

    internal async Task<LearnerState?> LoadAsync(CancellationToken cancel) =>
        await LoadAsync<Progress>(Head, cancel) is { } head
        && await LoadAsync<byte[][]>(CrossVenue, cancel) is { } crossVenue
        && await LoadAsync<byte[][]>(Directional, cancel) is { } directional
            ? new LearnerState(
                head.Ordinal, head.Samples, crossVenue, directional, await LoadDatasetAsync(head.DatasetPieces, cancel), head.NextTask, head.FullAt, head.ServingSince,
                head.NewSinceFull, head.CrossVenueCounts, head.DirectionalCounts, (await state.GetAsync(Reported, cancel))?.Value.ToArray() ?? [], head.Counted)
            : null;

    internal async Task SaveAsync(LearnerState learner, CancellationToken cancel)
    {
        await SaveAsync(CrossVenue, learner.CrossVenue, cancel);
        await SaveAsync(Directional, learner.Directional, cancel);
        int pieces = (learner.Dataset.Length + Piece - 1) / Piece;
        for (int i = 0; i < pieces; i++)
            await state.SetAsync(Dataset + i, learner.Dataset.AsMemory(i * Piece, Math.Min(Piece, learner.Dataset.Length - i * Piece)), ttl: null, cancel);
        // After the dataset, which knows them too: a crash between the two makes no trade count twice.
        await state.SetAsync(Reported, learner.Reported, ttl: null, cancel);
        await SaveAsync(
            Head,
            new Progress(learner.Ordinal, learner.Samples, learner.NextTask, learner.FullAt, learner.ServingSince, learner.NewSinceFull, learner.CrossVenueCounts, learner.DirectionalCounts, pieces, learner.Counted),
            cancel);
    }

    // A crash between two pieces leaves some of one save and some of another: then the dataset is gathered again.
    private async Task<byte[]> LoadDatasetAsync(int pieces, CancellationToken cancel)
    {
        using var memory = new MemoryStream();
        for (int i = 0; i < pieces; i++)
        {
            if (await state.GetAsync(Dataset + i, cancel) is not { } piece) return [];
            memory.Write(piece.Value.Span);
        }
        byte[] saved = memory.ToArray();
        try
        {
            SampleBytes.Read(saved);
            return saved;
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private async Task<T?> LoadAsync<T>(string key, CancellationToken cancel)
        where T : class
    {
        if (await state.GetAsync(key, cancel) is not { } entry) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(entry.Value.Span);
        }
        catch (JsonException)
        {
            // Saved by another version: the learner begins anew, as on a first run.
            return null;
        }
    }

    private async Task SaveAsync<T>(string key, T value, CancellationToken cancel) =>
        await state.SetAsync(key, JsonSerializer.SerializeToUtf8Bytes(value), ttl: null, cancel);

    private sealed record Progress(
        int Ordinal, long Samples, DateTime? NextTask, DateTime? FullAt, DateTime? ServingSince, long NewSinceFull, LabelCounts CrossVenueCounts, LabelCounts DirectionalCounts,
        int DatasetPieces, LaneCounts Counted = default);
}
