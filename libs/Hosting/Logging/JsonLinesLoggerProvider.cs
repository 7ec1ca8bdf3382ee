using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Hosting.Logging;

/// <summary>The limits of the log file and of the queue before it.</summary>
public sealed record JsonLinesLimits
{
    /// <summary>Size at which a file is rotated [bytes].</summary>
    public long FileBytes { get; init; } = 10_000_000;

    /// <summary>Files kept, the current one included.</summary>
    public int Files { get; init; } = 5;

    /// <summary>Lines that may wait for the disk; further ones are dropped and counted.</summary>
    public int QueueLines { get; init; } = 8192;

    /// <summary>Bytes that may wait for the disk; lines beyond them are dropped and counted.</summary>
    public long QueueBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a file that could not be written is left alone.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Writes every log entry as one line of JSON to a rotated file. The caller never waits for the disk and never sees its errors.</summary>
/// <remarks>Lines that find the queue full or the disk refusing are dropped and counted, here and in
/// <c>quadturbo_log_lines_dropped_total</c>; the next line that can be written is preceded by one that says how many are missing. The calling thread formats
/// the line, since its values may change later; one background task writes.</remarks>
[ProviderAlias("JsonLines")]
public sealed class JsonLinesLoggerProvider : ILoggerProvider, IAsyncDisposable
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);
    private static readonly Counter<long> DroppedLines =
        Meters.Shared.CreateCounter<long>("quadturbo_log_lines_dropped_total", null, "Log lines that were dropped, by reason.");

    private readonly Channel<Item> _queue;
    private readonly TimeProvider _clock;
    private readonly JsonLinesLimits _limits;
    private readonly RotatingFile _file;
    private readonly Task _writer;
    private long _queuedBytes;
    private long _dropped;
    private long _told;

    /// <summary>A log that appends to <paramref name="path"/>, whose folder is made when the first line is written.</summary>
    public JsonLinesLoggerProvider(string path, TimeProvider clock, JsonLinesLimits? limits = null)
    {
        _clock = clock;
        _limits = limits ?? new JsonLinesLimits();
        _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(_limits.QueueLines) { SingleReader = true });
        _file = new RotatingFile(path, _limits.FileBytes, _limits.Files, _limits.RetryAfter, clock);
        _writer = Task.Run(WriteAllAsync);
    }

    /// <summary>Lines dropped so far, for a full queue, a refusing disk or a value that could not be formatted.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new JsonLinesLogger(this, categoryName);

    /// <summary>Completes when every line logged before the call has been written or dropped.</summary>
    public async Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (await _queue.Writer.WaitToWriteAsync())
        {
            await _queue.Writer.WriteAsync(new Item(null, done));
            await done.Task;
        }
    }

    /// <summary>Writes what is queued, for five seconds at most, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.WaitAsync(LongestFarewell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Enqueue(byte[] line)
    {
        if (Interlocked.Add(ref _queuedBytes, line.Length) <= _limits.QueueBytes && _queue.Writer.TryWrite(new Item(line, null)))
            return;
        Interlocked.Add(ref _queuedBytes, -line.Length);
        Drop("queue_full");
    }

    private void Drop(string reason)
    {
        Interlocked.Increment(ref _dropped);
        DroppedLines.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    private async Task WriteAllAsync()
    {
        await foreach (Item item in _queue.Reader.ReadAllAsync())
        {
            if (item.Line is { } line)
            {
                Interlocked.Add(ref _queuedBytes, -line.Length);
                TellDropped();
                if (!_file.Append(line))
                    Drop("disk");
            }

            item.Flushed?.SetResult();
        }

        _file.Dispose();
    }

    private void TellDropped()
    {
        long dropped = Dropped;
        if (dropped == _told)
            return;
        KeyValuePair<string, object?>[] values = [new("dropped", dropped - _told)];
        byte[] line = JsonLine.Write(_clock.GetUtcNow(), LogLevel.Warning, typeof(JsonLinesLoggerProvider).FullName!,
            new EventId(0, "log_lines_dropped"), values, null, static (state, _) => $"{state[0].Value} log lines were dropped");
        if (_file.Append(line))
            _told = dropped;
    }

    private readonly record struct Item(byte[]? Line, TaskCompletionSource? Flushed);

    private sealed class JsonLinesLogger(JsonLinesLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            byte[] line;
            try
            {
                line = JsonLine.Write(owner._clock.GetUtcNow(), logLevel, category, eventId, state, exception, formatter);
            }
            catch (Exception)
            {
                // A value's own ToString may throw anything, and a log must not fail the work it describes.
                owner.Drop("format");
                return;
            }

            owner.Enqueue(line);
        }
    }
}

/// <summary>Puts the JSON log into a service.</summary>
public static class JsonLinesLogging
{
    /// <summary>Logs to <paramref name="path"/>, with the times of <paramref name="clock"/> or else of the registered
    /// <see cref="TimeProvider"/>; the file is closed when the services are disposed.</summary>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging, string path, TimeProvider? clock = null, JsonLinesLimits? limits = null)
    {
        logging.Services.AddSingleton<ILoggerProvider>(services =>
            new JsonLinesLoggerProvider(path, clock ?? services.GetService<TimeProvider>() ?? TimeProvider.System, limits));
        return logging;
    }
}
