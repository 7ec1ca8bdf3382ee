using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Sidecar.Http;

namespace QuadTurbo.Sidecar;

/// <summary>One sidecar: its HTTP API towards the application, and the life of its subscriptions.</summary>
public sealed class SidecarServer : IAsyncDisposable
{
    private readonly Mesh _mesh;
    private readonly SidecarOptions _options;
    private readonly CancellationTokenSource _ended = new();
    private readonly AppLife _life;
    private readonly Router _router;
    private WebApplication? _server;
    private Task _living = Task.CompletedTask;
    private long _calls;
    private int _gone;
    private readonly TaskCompletionSource _gonePromise = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SidecarServer(Mesh mesh, SidecarOptions options)
    {
        _mesh = mesh;
        _options = options;
        App = options.AppPort is { } port ? new AppChannel(options, port) : null;
        _life = new AppLife(this, mesh, options, Journal);
        _router = new Router(this, mesh, options, _life);
    }

    /// <summary>Its app-id.</summary>
    public string AppId => _options.AppId;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What it said.</summary>
    public Journal Journal { get; } = new();

    /// <summary>Completes when its application is up and its subscriptions have started.</summary>
    public Task Ready => _life.Ready;

    /// <summary>Completes when it has ended, however it did.</summary>
    public Task Ended => _gonePromise.Task;

    internal AppChannel? App { get; }

    internal bool Listening { get; private set; }

    /// <summary>Dies just before the delivery after the next <paramref name="deliveries"/>.</summary>
    public void KillAfter(long deliveries) => _life.KillAfter(deliveries);

    /// <summary>Ends as after SIGTERM: takes no more messages, waits for those in hand, then closes.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _gone, 1) == 1) return;
        _mesh.Forget(this);
        await _life.StopAsync(_options.Drain);
        await EndAsync(abort: false);
    }

    /// <summary>Ends as after SIGKILL: connections break, nothing is acknowledged.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _gone, 1) == 1) return;
        _mesh.Forget(this);
        Listening = false;
        await _ended.CancelAsync();
        await _life.KillAsync();
        await EndAsync(abort: true);
    }

    /// <summary>As <see cref="KillAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await KillAsync();

    internal async Task StartAsync(CancellationToken ct)
    {
        if (_options.ListensAfter > TimeSpan.Zero) await Task.Delay(_options.ListensAfter, _mesh.Clock, ct);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = _options.MaxBodySize > 0 ? _options.MaxBodySize : null;
            k.Listen(System.Net.IPAddress.Loopback, _options.Port);
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync(ct);
        Address = new Uri(_server.Urls.Single());
        Listening = true;
        _living = Task.Run(() => _life.RunAsync(_ended.Token), CancellationToken.None);
    }

    private async Task EndAsync(bool abort)
    {
        Listening = false;
        await _ended.CancelAsync();
        if (_server is not null)
        {
            await _server.StopAsync(new CancellationToken(canceled: abort));
            await _server.DisposeAsync();
        }
        await _living;
        App?.Dispose();
        _gonePromise.TrySetResult();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            string path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
            bool health = HttpMethods.IsGet(context.Request.Method) && path is "/v1.0/healthz" or "/v1.0/healthz/outbound";
            if (!health && !Authorized(context)) await Answers.TextAsync(context, 401, "invalid api token");
            else if (health) await _router.RouteAsync(context, path);
            else await WithFaultsAsync(context, path);
        }
        catch (RefusedException refusal)
        {
            Journal.Say($"{context.Request.Method} {context.Request.Path}: {refusal.Status} {refusal.Code} {refusal.Message}");
            await Answers.RefusalAsync(context, refusal);
        }
        catch (BadHttpRequestException e)
        {
            if (!context.Response.HasStarted) await Answers.TextAsync(context, e.StatusCode, e.Message);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The caller has gone.
        }
    }

    private async Task WithFaultsAsync(HttpContext context, string path)
    {
        long call = Interlocked.Increment(ref _calls);
        if (_mesh.Faults.Strikes(Fault.CutRequest, AppId, call))
        {
            context.Abort();
            return;
        }
        if (_mesh.Faults.Strikes(Fault.ServerError, AppId, call)) throw new RefusedException(500, "ERR_INTERNAL", "the sidecar was told to fail");
        if (!_mesh.Faults.Strikes(Fault.CutAnswer, AppId, call))
        {
            await _router.RouteAsync(context, path);
            return;
        }
        using var unseen = new MemoryStream();
        context.Response.Body = unseen;
        try
        {
            await _router.RouteAsync(context, path);
        }
        finally
        {
            context.Abort();
        }
    }

    private bool Authorized(HttpContext context) =>
        _options.ApiToken is not { } token || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(context.Request.Headers["dapr-api-token"].ToString()));
}
