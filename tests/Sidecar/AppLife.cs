using System.Diagnostics.CodeAnalysis;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar;

/// <summary>What a sidecar does in order: components, then the application's port, its health, its configuration, its subscriptions.</summary>
[SuppressMessage("Design", "CA1001", Justification = "No wait handle and no timer is behind them: there is nothing to free.")]
internal sealed class AppLife
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly SidecarServer _sidecar;
    private readonly Mesh _mesh;
    private readonly SidecarOptions _options;
    private readonly Journal _journal;
    private readonly Dictionary<string, PubSubComponent> _components;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly List<BrokerSubscription> _running = [];
    private long _killAfter = long.MaxValue, _deliveries;
    private bool _closed;

    public AppLife(SidecarServer sidecar, Mesh mesh, SidecarOptions options, Journal journal)
    {
        _sidecar = sidecar;
        _mesh = mesh;
        _options = options;
        _journal = journal;
        _components = mesh.Options.PubSubs.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Publisher = new Publisher(options.AppId, options.Tracing, _components, mesh.Broker, mesh.Clock);
    }

    public Publisher Publisher { get; }

    public Task Ready => _ready.Task;

    public bool OutboundReady { get; private set; }

    public bool Up { get; private set; }

    public SubscriptionSpec[] Subscriptions { get; private set; } = [];

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            if (_options.ReadyAfter != TimeSpan.Zero) await Task.Delay(_options.ReadyAfter, _mesh.Clock, ct);
            OutboundReady = true;
            if (_sidecar.App is { } app) await FollowAppAsync(app, ct);
            else BeUp();
        }
        catch (OperationCanceledException)
        {
            _ready.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception e)
        {
            _journal.Say($"the sidecar failed: {e}");
            _ready.TrySetException(e);
        }
    }

    public void KillAfter(long deliveries) => Interlocked.Exchange(ref _killAfter, Interlocked.Read(ref _deliveries) + deliveries);

    public async Task StopAsync(TimeSpan drain)
    {
        await _changing.WaitAsync();
        try
        {
            _closed = true;
            await Task.WhenAll(_running.Select(s => s.StopAsync(drain)));
            _running.Clear();
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task KillAsync()
    {
        await _changing.WaitAsync();
        try
        {
            _closed = true;
            await Task.WhenAll(_running.Select(s => s.KillAsync()));
            _running.Clear();
        }
        finally
        {
            _changing.Release();
        }
    }

    private void BeUp()
    {
        Up = true;
        _ready.TrySetResult();
    }

    private async Task FollowAppAsync(AppChannel app, CancellationToken ct)
    {
        while (!await app.AcceptsAsync(ct)) await Task.Delay(Poll, _mesh.Clock, ct);
        while (true)
        {
            if (_options.AppHealth is { } health)
            {
                while (!await ProbeAsync(app, health, ct)) await Task.Delay(health.Interval, _mesh.Clock, ct);
            }
            await BeginAsync(app, ct);
            BeUp();
            if (_options.AppHealth is not { } watched) return;
            for (int failures = 0; failures < watched.Threshold;)
            {
                await Task.Delay(watched.Interval, _mesh.Clock, ct);
                failures = await ProbeAsync(app, watched, ct) ? 0 : failures + 1;
            }
            _journal.Say("the application is unhealthy: its subscriptions end");
            await EndSubscriptionsAsync(ct);
        }
    }

    private async Task<bool> ProbeAsync(AppChannel app, AppHealth health, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(health.Timeout, _mesh.Clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, health.Path.TrimStart('/'));
            using HttpResponseMessage answer = await app.SendAsync(request, ended.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task BeginAsync(AppChannel app, CancellationToken ct)
    {
        await AskAsync(app, "dapr/config", ct);
        byte[]? list = await AskAsync(app, "dapr/subscribe", ct);
        try
        {
            Subscriptions = list is null ? [] : SubscriptionSpec.Read(list, _journal.Say);
        }
        catch (FormatException e)
        {
            Subscriptions = [];
            _journal.Say($"error from app's subscriptions: {e.Message}");
        }
        await _changing.WaitAsync(ct);
        try
        {
            foreach (SubscriptionSpec spec in Subscriptions)
            {
                if (!_closed) await SubscribeAsync(app, spec);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task SubscribeAsync(AppChannel app, SubscriptionSpec spec)
    {
        if (!_components.TryGetValue(spec.PubSub, out PubSubComponent? component))
        {
            _journal.Say($"pubsub {spec.PubSub} is not found: no subscription to {spec.Topic}");
            return;
        }
        if (!component.Allows(spec.Topic, _options.AppId, component.SubscriptionScopes))
        {
            _journal.Say($"subscription to topic {spec.Topic} is not allowed for app id {_options.AppId}");
            return;
        }
        var delivery = new Delivery(spec, component, _options, app, Publisher, _mesh.Broker, _mesh.Faults, _journal, _mesh.Clock) { BeforeDelivery = CountDeliveryAsync };
        _running.Add(await _mesh.Broker.SubscribeAsync(spec.Topic, _options.AppId, delivery.Handler));
    }

    private async Task CountDeliveryAsync(CancellationToken ct)
    {
        if (Interlocked.Increment(ref _deliveries) <= Interlocked.Read(ref _killAfter)) return;
        _ = Task.Run(_sidecar.KillAsync, CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
    }

    private async Task EndSubscriptionsAsync(CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            await Task.WhenAll(_running.Select(s => s.StopAsync(_options.Drain)));
            _running.Clear();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>What the application answers with 200, or null; a broken connection is tried three times more.</summary>
    private async Task<byte[]?> AskAsync(AppChannel app, string path, CancellationToken ct)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(500);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("dapr-app-id", _options.AppId);
                using HttpResponseMessage answer = await app.SendAsync(request, ct);
                if ((int)answer.StatusCode == 200) return await answer.Content.ReadAsByteArrayAsync(ct);
                _journal.Say($"GET /{path} of the application: {(int)answer.StatusCode}");
                return null;
            }
            catch (HttpRequestException e) when (attempt < 3)
            {
                _journal.Say($"GET /{path} of the application: {e.Message}");
                await Task.Delay(pause, _mesh.Clock, ct);
                pause = TimeSpan.FromSeconds(1);
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }
}
