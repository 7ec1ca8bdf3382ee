using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Logging;
using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Hosting.Transport.Embedded;

namespace QuadTurbo.Hosting;

/// <summary>How a process hosts services.</summary>
public sealed record ServiceHostOptions
{
    /// <summary>Lockstep or concurrent.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Where everything is kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The effective settings.</summary>
    public required PlatformSettings Settings { get; init; }

    /// <summary>The platform's time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where it serves; null for no web server.</summary>
    public string? Url { get; init; }

    /// <summary>What the run is, for pages and probes: <c>replay</c>, <c>paper, synthetic market</c> and so on.</summary>
    public string Mode { get; init; } = "";

    /// <summary>The sidecar beside this process; null where every service is in it.</summary>
    public DaprOptions? Dapr { get; init; }
}

/// <summary>Composes services into one process.</summary>
public static class ServiceHost
{
    /// <summary>The options that no single service owns.</summary>
    public static IReadOnlyList<Type> SharedSettings { get; } = [typeof(LaneSettings), typeof(CostSettings), typeof(NotificationSettings), typeof(CompatSettings)];

    /// <summary>Every setting of <paramref name="services"/>.</summary>
    public static SettingsCatalogue CatalogueOf(IEnumerable<Service> services) =>
        SettingsCatalogue.From([.. SharedSettings, .. services.SelectMany(s => s.Settings)]);

    /// <summary>A host of <paramref name="services"/>, ready to start.</summary>
    public static IHost Build(ServiceHostOptions options, IReadOnlyList<Service> services, Action<IHostApplicationBuilder>? configure = null)
    {
        if (options.Url is null)
        {
            HostApplicationBuilder plain = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "quadturbo" });
            Compose(plain, options, services, configure);
            return plain.Build();
        }
        return BuildWeb(options, options.Url, services, configure);
    }

    private static WebApplication BuildWeb(ServiceHostOptions options, string url, IReadOnlyList<Service> services, Action<IHostApplicationBuilder>? configure)
    {
        if (options.Dapr is { } beside) url = $"{url};http://127.0.0.1:{beside.AppPort}";
        var listeners = ListenerMap.Of(url, options.Settings.Get<CompatSettings>().Ports);
        WebApplicationBuilder web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "quadturbo" });
        web.WebHost.UseKestrelCore().UseUrls([.. listeners.Urls]).ConfigureKestrel(Limits.Apply);
        // Four lines for every request are most of what a small one costs; who changes state is logged by the gateway.
        web.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        web.Services.AddSingleton(listeners);
        web.Services.AddRouting();
        web.Services.Configure<RouteHandlerOptions>(static routes => routes.ThrowOnBadRequest = true);
        web.Services.ConfigureHttpJsonOptions(static json => HttpJson.Apply(json.SerializerOptions));
        web.Services.AddProblemDetails(static problems => problems.CustomizeProblemDetails = static context =>
        {
            if (context.Exception is not BadHttpRequestException bad) return;
            (string field, context.ProblemDetails.Detail) = BodyProblem.Of(bad);
            if (bad.StatusCode == StatusCodes.Status400BadRequest) (context.ProblemDetails.Extensions["code"], context.ProblemDetails.Extensions["field"]) = ("invalid_field", field);
        });
        Compose(web, options, services, configure);
        WebApplication app = web.Build();
        app.Use(static next => context => SecurityHeaders.InvokeAsync(context, next));
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = static e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(static next => context => HeadRequests.InvokeAsync(context, next));
        app.UseRouting();
        foreach (Service service in services) service.Guard?.Invoke(app);
        app.Use(static next => context => QueryFields.InvokeAsync(context, next));
        app.MapHealth();
        app.MapPrometheus();
        if (options.Dapr is not null) app.MapDapr();
        foreach (Service service in services) service.Map(options.Dapr is null || service.IsPublic ? app : app.MapDoor());
        return app;
    }

    private static void Compose(
        IHostApplicationBuilder builder, ServiceHostOptions options, IReadOnlyList<Service> services, Action<IHostApplicationBuilder>? configure)
    {
        builder.Logging.AddJsonLines(Path.Combine(options.DataDirectory, "logs", "arbitrage.log"), TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Clock);
        builder.Services.AddHealth(options.Mode);
        if (options.Dapr is { } dapr) builder.CarryDapr(dapr, options.DataDirectory);
        else builder.CarryEmbedded(options.Schedule);
        builder.Services.AddHostedService<TransportStart>();
        builder.Services.AddHealthCheck<ITransport>("path", static transport =>
            transport.Faulted.IsCompletedSuccessfully ? HealthReading.Unhealthy(transport.Faulted.Result.Message) : HealthReading.Healthy);
        foreach (Type type in SharedSettings.Concat(services.SelectMany(s => s.Settings)))
            builder.Services.Add(ServiceDescriptor.Singleton(type, options.Settings.Get(type)));
        builder.Services.AddPrometheus();
        builder.Services.AddSingleton(sp => new Notifier(options.DataDirectory, options.Settings.Get<NotificationSettings>().Address(), sp.GetRequiredService<ILogger<Notifier>>()));
        builder.Services.AddHostedService(sp => sp.GetRequiredService<Notifier>());
        foreach (Service service in services) service.Add(builder);
        configure?.Invoke(builder);
    }

    /// <summary>Binds the subscriptions before any service starts, and stops the process when the path has stopped.</summary>
    private sealed class TransportStart(ITransport transport, IHostApplicationLifetime lifetime) : IHostedLifecycleService, IDisposable
    {
        private readonly Meter _meter = Meters.Create();

        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            await transport.StartAsync(cancellationToken);
            _meter.CreateObservableGauge("quadturbo_queue_depth", () => Each(q => q.Depth), description: "Items waiting, by handler and topic.");
            _meter.CreateObservableCounter("quadturbo_queue_dropped_total", () => Each(q => q.Dropped), description: "Messages that a full queue dropped.");
            _ = transport.Faulted.ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _meter.Dispose();

        private IEnumerable<Measurement<long>> Each(Func<QueueStatus, long> value) =>
            transport.Queues.Select(q => new Measurement<long>(
                value(q), new KeyValuePair<string, object?>("handler", q.Handler), new KeyValuePair<string, object?>("topic", q.Topic)));
    }
}
