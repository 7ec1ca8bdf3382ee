using System.Net;
using Microsoft.Extensions.Logging;

namespace QuadTurbo.Hosting.Transport.Dapr;

public sealed partial class DaprTransport
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);
    private Task _watch = Task.CompletedTask;

    // What is wrong with the sidecar; null while it is well.
    private volatile string? _unreached = "the sidecar has not been reached yet";
    private volatile bool _looked;

    internal Task<SidecarAnswer> ForwardAsync(string owner, HttpMethod method, string path, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancel) =>
        _sidecar.ForwardAsync(owner, method, path, body, contentType, cancel);

    private async Task<SidecarAnswer> InvokeAsync(string owner, string query, bool changes, ReadOnlyMemory<byte> question, CancellationToken cancel)
    {
        long started = _clock.GetTimestamp();
        while (true)
        {
            SidecarAnswer answer = await _sidecar.InvokeAsync(owner, "ask/" + query, question, cancel);
            if (answer.Succeeded) return answer;
            if (answer is { Status: HttpStatusCode.NotFound, Code: "" or "unanswered" }) throw new UnansweredQueryException(query, $"'{owner}' does not answer '{query}'");
            bool unreached = answer.Status is null || answer.Code == SidecarAnswer.NotInvoked;
            if (!unreached) throw new UnansweredQueryException(query, $"'{owner}' did not answer '{query}': {answer.Why}");
            if (changes && !answer.NotSent) throw new AnswerLostException(query, $"no answer of '{owner}' to '{query}' came back; whether it was done is not known: {answer.Why}");
            if (TimeProvider.System.GetElapsedTime(started) >= _options.AskPatience) throw new UnansweredQueryException(query, $"'{owner}' cannot be asked '{query}': {answer.Why}");
            await Task.Delay(AskAgain, cancel);
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(LookForGaps);
            do
            {
                await LookAsync();
                _intake.GiveUpGaps();
                // A listener may have become ready by something else than a message.
                WakePump();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task LookAsync()
    {
        SidecarAnswer answer = await _sidecar.OutboundAsync(_stop.Token);
        string? now = answer.Succeeded ? null : answer.Status is null ? answer.Why : $"the sidecar's components do not work: {answer.Why}";
        bool news = !_looked || (now is null) != (_unreached is null);
        (_unreached, _looked) = (now, true);
        if (!news) return;
        if (now is null) LogReached(_log, _options.Sidecar);
        else LogUnreached(_log, _options.Sidecar, now);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sidecar at {Address} is ready")]
    private static partial void LogReached(ILogger log, Uri address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sidecar at {Address} is not ready: {Why}. What is said waits on disk")]
    private static partial void LogUnreached(ILogger log, Uri address, string why);
}
