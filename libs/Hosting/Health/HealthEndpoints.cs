using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Hosting.Health;

/// <summary>Puts the probes into a service.</summary>
public static class HealthEndpoints
{
    internal const string Tag = "quadturbo";

    /// <summary>Registers the <see cref="HealthBoard"/> of a process of this <paramref name="mode"/>, with every <see cref="HealthCheck"/> singleton
    /// on it.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services, string mode)
    {
        services.AddHealthChecks();
        // The library logs every unhealthy answer of every poll as an error; the state is on the page and in the alerts.
        services.AddLogging(static logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        services.AddSingleton<IConfigureOptions<HealthCheckServiceOptions>>(provider =>
            new ConfigureOptions<HealthCheckServiceOptions>(options => Register(options, provider.GetServices<HealthCheck>())));
        return services.AddSingleton(provider => new HealthBoard(
            provider.GetRequiredService<HealthCheckService>(), provider.GetService<TimeProvider>() ?? TimeProvider.System, mode));
    }

    /// <summary>Registers a check that reads a registered <typeparamref name="T"/>.</summary>
    public static IServiceCollection AddHealthCheck<T>(this IServiceCollection services, string name, Func<T, HealthReading> read)
        where T : notnull =>
        services.AddSingleton(provider => new HealthCheck(name, () => read(provider.GetRequiredService<T>())));

    /// <summary>Serves <c>/healthz</c> (200 while the process answers), <c>/readyz</c> (200 when every check is healthy and the process is
    /// not stopping, else 503 and what is waited for) and <c>/health</c> (a <see cref="HealthPage"/>; 503 when its status is unhealthy or unknown).</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        HealthBoard board = routes.ServiceProvider.GetRequiredService<HealthBoard>();
        IHostApplicationLifetime lifetime = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        routes.MapGet("/healthz", (Delegate)((HttpContext context) =>
        {
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("live");
        }))
            .WithMetadata(new AnyQuery())
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithSummary("200 while the process answers.");
        routes.MapGet("/readyz", (Delegate)(async (HttpContext context) =>
        {
            HealthPage page = await board.ReadAsync(context.RequestAborted);
            bool stopping = lifetime.ApplicationStopping.IsCancellationRequested;
            HealthRow[] unwell = [.. page.Checks.Where(static c => c.State != HealthState.Healthy)];
            var answer = new Readiness(!stopping && unwell.Length == 0, unwell);
            context.Response.StatusCode = answer.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsJsonAsync(answer, HealthJson.Default.Readiness);
        })).WithMetadata(new AnyQuery())
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("200 when every check is healthy and the process is not stopping.");
        routes.MapHealthPage("/health");
    }

    /// <summary>Serves the <see cref="HealthPage"/> at <paramref name="path"/> too; 503 when its status is unhealthy or unknown.</summary>
    public static void MapHealthPage(this IEndpointRouteBuilder routes, string path) =>
        routes.MapGet(path, (Delegate)WriteHealthPageAsync)
            .WithMetadata(new AnyQuery())
            .Produces<HealthPage>()
            .Produces<HealthPage>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Every check with its state and why; 503 when one is unhealthy or unknown.");

    /// <summary>Answers with the <see cref="HealthPage"/>; 503 when its status is unhealthy or unknown.</summary>
    public static async Task WriteHealthPageAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HealthPage page = await context.RequestServices.GetRequiredService<HealthBoard>().ReadAsync(context.RequestAborted);
        context.Response.StatusCode = page.Status >= HealthState.Unknown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await context.Response.WriteAsJsonAsync(page, HealthJson.Default.HealthPage);
    }

    private static void Register(HealthCheckServiceOptions options, IEnumerable<HealthCheck> checks)
    {
        foreach (HealthCheck check in checks)
        {
            options.Registrations.Add(new HealthCheckRegistration(
                check.Name, new Adapter(check), HealthStatus.Unhealthy, [Tag], HealthCheck.AnswerWithin));
        }
    }

    // The library knows three states; the fourth rides along in the data.
    private sealed class Adapter(HealthCheck check) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            HealthReading reading = await check.ReadAsync(cancellationToken);
            HealthStatus status = reading.State switch
            {
                HealthState.Healthy => HealthStatus.Healthy,
                HealthState.Degraded => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
            return new HealthCheckResult(status, reading.Why, data: new Dictionary<string, object> { [Tag] = reading });
        }
    }
}
