using System.Buffers;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Threads;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Serving;

/// <summary>While an experiment runs, the arm that did not judge a request scores it too: on a background thread, one request after another.</summary>
/// <remarks>Requests wait as pooled copies, at most <see cref="MostRequests"/> with <see cref="MostRows"/> opportunities; one more is dropped and counted.</remarks>
internal sealed partial class SecondOpinions(ILogger<SecondOpinions> log) : BackgroundService
{
    /// <summary>Most requests that wait.</summary>
    public const int MostRequests = 256;

    /// <summary>Most opportunities that wait.</summary>
    public const int MostRows = 40_000;

    private static readonly Counter<long> Drops =
        Meters.Shared.CreateCounter<long>("quadturbo_second_opinions_dropped_total", null, "Opportunities that the other arm did not score, since too many waited.");

    private static readonly Counter<long> Failures =
        Meters.Shared.CreateCounter<long>("quadturbo_second_opinions_failed_total", null, "Requests that the other arm could not score.");

    private readonly Channel<Copy> _waiting = Channel.CreateBounded<Copy>(new BoundedChannelOptions(MostRequests) { SingleReader = true });
    private int _rows;
    private long _dropped;

    /// <summary>Opportunities that were dropped since the process started.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Opportunities that wait.</summary>
    public int Waiting => Volatile.Read(ref _rows);

    /// <summary>Has the other arm score what <paramref name="batch"/> holds, sometime; the batch is the caller's again at once.</summary>
    /// <param name="roster">Who judged it, with a challenger.</param>
    /// <param name="batch">A batch with its results.</param>
    public void Ask(ServingRoster roster, PredictionBatch batch)
    {
        int count = batch.Count;
        if (count == 0) return;
        if (Interlocked.Add(ref _rows, count) <= MostRows)
        {
            Copy copy = Copy.Of(roster, batch);
            if (_waiting.Writer.TryWrite(copy)) return;
            copy.Return();
        }
        Interlocked.Add(ref _rows, -count);
        Interlocked.Add(ref _dropped, count);
        Drops.Add(count);
    }

    /// <summary>Takes no more, and returns when what waits is scored.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } scoring) await scoring.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => BackgroundThread.RunAsync("second opinions", ScoreAll);

    // The writer's end ends it, not the token: what waits is little, and is scored.
    private void ScoreAll()
    {
        foreach (Copy copy in _waiting.Reader.ReadAllAsync(CancellationToken.None).ToBlockingEnumerable()) Score(copy);
    }

    private void Score(Copy copy)
    {
        try
        {
            Compare(copy.Roster, copy.Inputs.AsSpan(0, copy.Count), copy.Results.AsSpan(0, copy.Count));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failures.Add(1);
            LogFailed(log, e.Message);
        }
        finally
        {
            copy.Return();
            Interlocked.Add(ref _rows, -copy.Count);
        }
    }

    private static void Compare(ServingRoster roster, ReadOnlySpan<PredictionInput> inputs, ReadOnlySpan<PredictionResult> judged)
    {
        int[] at = ArrayPool<int>.Shared.Rent(judged.Length);
        PredictionResult[] others = ArrayPool<PredictionResult>.Shared.Rent(judged.Length);
        try
        {
            int champions = Pick(judged, challenged: true, at), challengers = Pick(judged, challenged: false, at.AsSpan(champions));
            Opine(roster.Champion, inputs, at.AsSpan(0, champions), others);
            Opine(roster.Challenger!, inputs, at.AsSpan(champions, challengers), others);
            for (int i = 0; i < judged.Length; i++)
            {
                (double champion, double challenger) = judged[i].Challenged ? (others[i].Score, judged[i].Score) : (judged[i].Score, others[i].Score);
                roster.Difference.Add(champion, challenger);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(at);
            ArrayPool<PredictionResult>.Shared.Return(others);
        }
    }

    private static int Pick(ReadOnlySpan<PredictionResult> judged, bool challenged, Span<int> at)
    {
        int count = 0;
        for (int i = 0; i < judged.Length; i++)
            if (judged[i].Challenged == challenged) at[count++] = i;
        return count;
    }

    private static void Opine(Arm arm, ReadOnlySpan<PredictionInput> inputs, ReadOnlySpan<int> at, Span<PredictionResult> results)
    {
        if (at.IsEmpty) return;
        PickedRows.Score(arm.Scorer, inputs, at, results, useGpu: false);
        arm.Figures.CountOpinions(at.Length);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The other arm could not score a request: {Why}")]
    private static partial void LogFailed(ILogger log, string why);

    /// <summary>A judged request, in buffers of the shared pool.</summary>
    private readonly record struct Copy(ServingRoster Roster, PredictionInput[] Inputs, PredictionResult[] Results, int Count)
    {
        public static Copy Of(ServingRoster roster, PredictionBatch batch)
        {
            PredictionInput[] inputs = ArrayPool<PredictionInput>.Shared.Rent(batch.Count);
            PredictionResult[] results = ArrayPool<PredictionResult>.Shared.Rent(batch.Count);
            batch.Inputs.CopyTo(inputs);
            batch.Results.CopyTo(results);
            return new Copy(roster, inputs, results, batch.Count);
        }

        public void Return()
        {
            ArrayPool<PredictionInput>.Shared.Return(Inputs);
            ArrayPool<PredictionResult>.Shared.Return(Results);
        }
    }
}
