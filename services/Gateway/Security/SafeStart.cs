using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Gateway.Security;

/// <summary>Refuses to start where others can reach the process and nobody needs a key [R-51]; warns on loopback.</summary>
internal sealed partial class SafeStart(ListenerMap listeners, KeyRing keys, ILogger<SafeStart> log) : IHostedLifecycleService
{
    /// <summary>Before anything listens.</summary>
    /// <exception cref="SettingsException">An address is not a loopback one, and there is no key.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (keys.Any) return Task.CompletedTask;
        if (!listeners.IsLoopbackOnly)
        {
            throw new SettingsException([new("api.key",
                $"{string.Join(", ", listeners.Urls)} can be reached from other machines, and there is no API key: make one with 'quadturbo keys create NAME', or listen at 127.0.0.1")]);
        }
        LogOpen(log);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "no API key is configured: every program of this machine may change state; 'quadturbo keys create NAME' makes one")]
    private static partial void LogOpen(ILogger log);
}
