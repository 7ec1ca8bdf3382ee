using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>The routes about models, learning, queues and performance.</summary>
internal static class LearningRoutes
{
    /// <summary>Registers what answers them.</summary>
    public static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LearningPages>();
        builder.Services.AddSingleton<MetricPages>();
        builder.Services.AddSingleton<MlPages>();
        builder.Services.AddSingleton<PerformanceWatch>();
        builder.Services.AddHostedService(static sp => sp.GetRequiredService<PerformanceWatch>());
    }

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        QueryField.Document(
            Get<ModelsPage>(routes, "/api/models", "Versions, the newest first, with what judges and the experiment in traffic.",
                static (LearningPages pages, HttpRequest request, CancellationToken cancel) => pages.ModelsAsync(request, cancel)),
            QueryField.Paged).ProducesProblem(StatusCodes.Status400BadRequest);
        Get<ModelDetail>(routes, "/api/models/{name}", "One version by identity, label or ordinal, with its evaluation and its origin.",
            static (LearningPages pages, string name, CancellationToken cancel) => pages.ModelAsync(name, cancel))
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        Get<LearningView>(routes, "/api/learning", "Samples, triggers and what they wait for, nights, drift and the contractual figures.",
            static (LearningPages pages, CancellationToken cancel) => pages.LearningAsync(cancel));
        Get<QueuesPage>(routes, "/api/queues", "Every queue between the services, and how the writers do.",
            static (LearningPages pages, CancellationToken cancel) => pages.QueuesAsync(cancel));
        Get<PerformancePage>(routes, "/api/performance", "Latency of every stage, throughput, memory, and claims beside what was measured of them.",
            static (PerformanceWatch watch) => Results.Json(watch.Page()));
        MapMl(routes);
        MapMetrics(routes);
    }

    private static void MapMl(IEndpointRouteBuilder routes)
    {
        Get<MlPerformancePage>(routes, "/api/ml/performance", "How what serves does, how the learners foretell, and which models there are.",
            static (MlPages pages, CancellationToken cancel) => pages.PerformanceAsync(cancel));
        Get<AgentsPage>(routes, "/api/rl/agents/status", "The state of each trading agent.", static () => MlPages.AgentStates());
        routes.MapPost("/api/ml/train", static (MlPages pages, HttpRequest request, [FromQuery(Name = "model_type")] string? modelType, CancellationToken cancel) =>
            pages.TrainAsync(request, modelType, cancel))
            .WithMetadata(new QueryFields("model_type"))
            .Produces<TrainAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Begins a retrain of meta_label, slippage or regime; predictive and rl are not trained.");
    }

    private static void MapMetrics(IEndpointRouteBuilder routes)
    {
        Get<OpportunityMetrics>(routes, "/api/metrics/opportunities", "Opportunities by hour and mode, and their mean edge.",
            static (MetricPages pages, CancellationToken cancel) => pages.OpportunitiesAsync(cancel));
        Get<ExecutionMetrics>(routes, "/api/metrics/execution", "Success by path, and slippage.",
            static (MetricPages pages, CancellationToken cancel) => pages.ExecutionAsync(cancel));
        Get<MlMetrics>(routes, "/api/metrics/ml", "Accuracy of predictions, slippage and confidence.",
            static (MetricPages pages, CancellationToken cancel) => pages.MlAsync(cancel));
        Get<FinancialMetrics>(routes, "/api/metrics/financial", "Profit, win rate per strategy, Sharpe ratio, drawdown, daily and hourly returns.",
            static (MetricPages pages, CancellationToken cancel) => pages.FinancialAsync(cancel));
    }

    private static RouteHandlerBuilder Get<T>(IEndpointRouteBuilder routes, string path, string summary, Delegate handler) =>
        routes.MapGet(path, handler).Produces<T>().ProducesProblem(StatusCodes.Status503ServiceUnavailable).WithSummary(summary);
}
