using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Hosting.Notifications;

/// <summary>Something that people or other programs want to hear of.</summary>
/// <param name="Kind">Stable name: <c>night</c>, <c>daily_summary</c>, <c>drift</c>.</param>
/// <param name="At">When it happened, on the time of the feed, UTC.</param>
/// <param name="Text">For people.</param>
/// <param name="Data">For programs.</param>
public sealed record Notification(string Kind, DateTime At, string Text, JsonObject Data)
{
    /// <summary>One line of JSON: kind, at, text, data.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject { ["kind"] = Kind, ["at"] = At, ["text"] = Text, ["data"] = Data.DeepClone() });
}

/// <summary>Tells of what happened: a line in <c>notifications.jsonl</c> of the data directory, and a POST to a webhook if there is one [CYC-05, MON-05].</summary>
/// <remarks>
/// Whoever notifies never waits: the file is appended to at once, the webhook has a bounded queue of its own. A webhook that does not answer is tried
/// <see cref="Tries"/> times, then the notification is counted as undelivered; the file has it.
/// </remarks>
public sealed partial class Notifier : BackgroundService
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "notifications.jsonl";

    private const int Waiting = 256;
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Counter<long> Undelivered =
        Meters.Shared.CreateCounter<long>("quadturbo_notifications_undelivered_total", null, "Notifications that the webhook did not take; the file has them.");

    private readonly string _path;
    private readonly Uri? _webhook;
    private readonly ILogger<Notifier> _log;
    private readonly Lock _writing = new();
    private readonly Channel<Notification> _outgoing = Channel.CreateBounded<Notification>(Waiting);

    /// <summary>A notifier of one data directory.</summary>
    /// <param name="dataDirectory">Where the file is.</param>
    /// <param name="webhook">Where to post; null for nowhere.</param>
    /// <param name="log">Where failures go.</param>
    public Notifier(string dataDirectory, Uri? webhook, ILogger<Notifier> log)
    {
        _path = Path.Combine(dataDirectory, FileName);
        _webhook = webhook;
        _log = log;
    }

    /// <summary>Afterwards the line is in the file and the POST is on its way.</summary>
    public void Notify(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        try
        {
            lock (_writing) File.AppendAllBytes(_path, [.. notification.ToJson(), (byte)'\n']);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_log, notification.Kind, e.Message);
        }
        if (_webhook is not null && !_outgoing.Writer.TryWrite(notification)) Lose(notification, "too many are waiting");
    }

    /// <summary>Gives what is on its way a last chance.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _outgoing.Writer.TryComplete();
        if (ExecuteTask is { } posting) await Task.WhenAny(posting, Task.Delay(Patience, TimeProvider.System, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_webhook is null) return;
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            await foreach (Notification notification in _outgoing.Reader.ReadAllAsync(stoppingToken)) await PostAsync(client, notification, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the file has what was not posted.
        }
    }

    private async Task PostAsync(HttpClient client, Notification notification, CancellationToken cancel)
    {
        string why = "";
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            if (attempt > 0) await Task.Delay(TimeSpan.FromSeconds(1 << attempt), TimeProvider.System, cancel);
            try
            {
                using var content = new ByteArrayContent(notification.ToJson()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using HttpResponseMessage answer = await client.PostAsync(_webhook, content, cancel);
                if (answer.IsSuccessStatusCode) return;
                why = $"it answered {(int)answer.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                why = e.Message;
            }
        }
        Lose(notification, why);
    }

    private void Lose(Notification notification, string why)
    {
        Undelivered.Add(1);
        LogNotDelivered(_log, notification.Kind, why);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "notification {Kind} is not in the file: {Why}")]
    private static partial void LogNotWritten(ILogger log, string kind, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the webhook did not take notification {Kind}: {Why}")]
    private static partial void LogNotDelivered(ILogger log, string kind, string why);
}
