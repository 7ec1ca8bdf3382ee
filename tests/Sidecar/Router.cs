using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Sidecar.Http;
using QuadTurbo.Sidecar.Invoke;
using QuadTurbo.Sidecar.PubSub;
using QuadTurbo.Sidecar.State;

namespace QuadTurbo.Sidecar;

/// <summary>From a raw path to what answers it. Segments are query-unescaped: a literal plus sign is a space.</summary>
internal sealed class Router
{
    private static readonly Dictionary<string, PubSubComponent> NoPubSubs = [];
    private static readonly Dictionary<string, StateStore> NoStores = [];
    private readonly SidecarServer _sidecar;
    private readonly Mesh _mesh;
    private readonly AppLife _life;
    private readonly Publisher _publisher, _unready;
    private readonly StateApi _state, _stateless;

    public Router(SidecarServer sidecar, Mesh mesh, SidecarOptions options, AppLife life)
    {
        _sidecar = sidecar;
        _mesh = mesh;
        _life = life;
        _publisher = life.Publisher;
        _unready = new Publisher(options.AppId, options.Tracing, NoPubSubs, mesh.Broker, mesh.Clock);
        _state = new StateApi(options.AppId, mesh.Stores);
        _stateless = new StateApi(options.AppId, NoStores);
    }

    private Publisher Publisher => _life.OutboundReady ? _publisher : _unready;

    private StateApi State => _life.OutboundReady ? _state : _stateless;

    public Task RouteAsync(HttpContext context, string rawPath)
    {
        string path = rawPath;
        while (path.Contains("//", StringComparison.Ordinal)) path = path.Replace("//", "/", StringComparison.Ordinal);
        string[] parts = path.TrimStart('/').Split('/');
        string verb = context.Request.Method;
        bool writes = verb is "POST" or "PUT";
        switch (parts)
        {
            case ["v1.0" or "v1.0-alpha1", "publish", "bulk", var name, .. var topic] when writes && topic.Length > 0:
                return Publisher.PublishBulkAsync(context, Plain(name), Plain(string.Join('/', topic)));
            case ["v1.0", "publish", var name, .. var topic] when writes && topic.Length > 0:
                return Publisher.PublishAsync(context, Plain(name), Plain(string.Join('/', topic)));
        }
        if (parts.Length > 1 && parts[^1].Length == 0) parts = parts[..^1];
        return (parts, verb) switch
        {
            (["v1.0", "healthz"], "GET") => HealthAsync(context),
            (["v1.0", "healthz", "outbound"], "GET") => OutboundAsync(context),
            (["v1.0", "metadata"], "GET") => MetadataAsync(context),
            (["v1.0", "shutdown"], "POST") => ShutdownAsync(context),
            (["v1.0", "state", var store], "POST" or "PUT") => State.SaveAsync(context, Plain(store)),
            (["v1.0", "state", var store, "bulk"], "POST" or "PUT") => State.BulkGetAsync(context, Plain(store)),
            (["v1.0", "state", var store, "transaction"], "POST" or "PUT") => State.TransactAsync(context, Plain(store)),
            (["v1.0", "state", var store, var key], "GET") => State.GetAsync(context, Plain(store), Plain(key)),
            (["v1.0", "state", var store, var key], "DELETE") => State.DeleteAsync(context, Plain(store), Plain(key)),
            (["v1.0", "invoke", var target, "method", .. var method], _) => InvokeAsync(context, Plain(target), string.Join('/', method)),
            _ => FallbackAsync(context, path.TrimStart('/')),
        };
    }

    private static string Plain(string segment) => WebUtility.UrlDecode(segment);

    private Task InvokeAsync(HttpContext context, string target, string method)
    {
        if (!_life.OutboundReady) throw new RefusedException(500, "ERR_DIRECT_INVOKE", "invoke API is not ready");
        return Invocation.InvokeAsync(context, _sidecar, _mesh, target, method);
    }

    private Task FallbackAsync(HttpContext context, string path)
    {
        string target = context.Request.Headers["dapr-app-id"].ToString();
        if (target.Length > 0) return InvokeAsync(context, target, path);
        throw new RefusedException(404, "ERR_DIRECT_INVOKE",
            "failed getting app id either from the URL path or the header dapr-app-id");
    }

    private Task HealthAsync(HttpContext context)
    {
        string asked = context.Request.Query["appid"].ToString();
        if (!_life.Up) throw new RefusedException(500, "ERR_HEALTH_NOT_READY", "dapr is not ready: [app]");
        if (asked.Length > 0 && asked != _sidecar.AppId) throw new RefusedException(500, "ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match");
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task OutboundAsync(HttpContext context)
    {
        if (!_life.OutboundReady) throw new RefusedException(500, "ERR_OUTBOUND_HEALTH_NOT_READY", "dapr outbound is not ready");
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task MetadataAsync(HttpContext context)
    {
        bool redis = _mesh.Broker.Flavour == Brokers.BrokerFlavour.Redis;
        JsonArray components =
        [
            .. _mesh.Options.PubSubs.Select(p => new JsonObject { ["name"] = p.Name, ["type"] = redis ? "pubsub.redis" : "pubsub.kafka", ["version"] = "v1" }),
            .. _mesh.Options.Stores.Select(s => new JsonObject
            {
                ["name"] = s.Name,
                ["type"] = s.Flavour == StateFlavour.Redis ? "state.redis" : "state.in-memory",
                ["version"] = "v1",
            }),
        ];
        JsonArray subscriptions =
        [
            .. _life.Subscriptions.Select(s => new JsonObject
            {
                ["pubsubname"] = s.PubSub,
                ["topic"] = s.Topic,
                ["rules"] = new JsonArray(new JsonObject { ["path"] = s.Route }),
                ["deadLetterTopic"] = s.DeadLetterTopic,
                ["type"] = "PROGRAMMATIC",
            }),
        ];
        return Answers.JsonAsync(context, 200, new JsonObject
        {
            ["id"] = _sidecar.AppId,
            ["runtimeVersion"] = "1.18-double",
            ["components"] = components,
            ["subscriptions"] = subscriptions,
        });
    }

    private Task ShutdownAsync(HttpContext context)
    {
        context.Response.StatusCode = 204;
        context.Response.OnCompleted(() =>
        {
            _ = Task.Run(_sidecar.StopAsync);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }
}
