using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Gateway.Dashboard;
using QuadTurbo.Gateway.Docs;
using QuadTurbo.Gateway.Live;
using QuadTurbo.Gateway.Rest;
using QuadTurbo.Gateway.Rest.Audit;
using QuadTurbo.Gateway.Rest.Learning;
using QuadTurbo.Gateway.Security;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Gateway;

/// <summary>People and other programs.</summary>
public static class GatewayService
{
    /// <summary>Serves REST and the live stream; asks the owners; says outcome.reported.</summary>
    public static Service Definition { get; } = new("gateway", Add, Map) { Settings = [typeof(ApiSettings), typeof(StreamSettings)], Guard = Guard, IsPublic = true };

    // What other services map; as processes of their own they are reached through this one alone.
    private static readonly (string Owner, string Path)[] Elsewhere =
    [
        ("production", "/api/account"),
        ("production", "/api/kill"),
        ("production", "/api/resume"),
        ("pre-validator", "/opportunities"),
        ("training", "/api/training/{**more}"),
    ];

    // A run that serves nobody is spared all of it.
    private static void Add(IHostApplicationBuilder builder)
    {
        if (builder is not WebApplicationBuilder) return;
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<HostGuard>();
        builder.Services.AddSingleton<KeyTrial>();
        builder.Services.AddSingleton<CommandGuard>();
        builder.Services.AddHostedService<SafeStart>();
        builder.Services.AddSingleton<PredictionDesk>();
        builder.Services.AddSingleton<ModelPages>();
        builder.Services.AddSingleton<ModelCommands>();
        builder.Services.AddSingleton<MlflowCalls>();
        builder.Services.AddSingleton<TradeOutcomes>();
        LearningRoutes.Add(builder);
        builder.Services.AddSingleton<StreamHub>();
        builder.Services.AddSingleton<StreamMeters>();
        builder.Services.AddSingleton<StreamDoor>();
        builder.Services.AddSingleton<StreamFeed>();
        StreamFeed.Subscribe(builder);
        AuditPages.Add(builder.Services);
        ApiDocument.Add(builder.Services);
    }

    private static void Guard(IApplicationBuilder app)
    {
        HostGuard hosts = app.ApplicationServices.GetRequiredService<HostGuard>();
        app.Use(next => context => hosts.InvokeAsync(context, next));
        if (app.ApplicationServices.GetRequiredService<ListenerMap>().CompatPorts.Count > 0) app.Use(static next => context => CompatDoor.InvokeAsync(context, next));
        CommandGuard guard = app.ApplicationServices.GetRequiredService<CommandGuard>();
        app.Use(next => context => guard.InvokeAsync(context, next));
        StreamDoor stream = app.ApplicationServices.GetRequiredService<StreamDoor>();
        app.Use(next => context => StreamDoor.IsOldAddress(context) ? stream.ServeAsync(context) : next(context));
        ApiDocument.UsePage(app);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        PredictionDesk desk = routes.ServiceProvider.GetRequiredService<PredictionDesk>();
        MapPrediction<BatchRequestShape, BatchAnswerShape>(routes, "/predict/batch", desk.BatchAsync, PredictionFields.BatchBodyBytes)
            .WithSummary("Scores 1 to 10000 opportunities and says which to execute.");
        MapPrediction<SingleRequestShape, SingleAnswerShape>(routes, "/predict/single", desk.SingleAsync, Limits.BodyBytes)
            .WithSummary("Scores one opportunity.");
        routes.MapGet("/models/summary", static (ModelPages pages, CancellationToken cancel) => pages.SummaryAsync(cancel))
            .Produces<ModelSummaryShape>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("What serves, its members, requests, errors, latency, and which fields of a request it uses.");
        routes.MapGet("/model/status", static (ModelPages pages, CancellationToken cancel) => pages.StatusAsync(cancel))
            .Produces<ModelStatusShape>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("What serves, and since when.");
        routes.MapGet("/models/history", static (ModelPages pages, string? at, [FromQuery(Name = "model_type")] string? modelType, CancellationToken cancel) =>
            pages.HistoryAsync(at, modelType, cancel))
            .WithMetadata(new QueryFields("at", "model_type"))
            .Produces<HistoryView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("What was live at an instant, and why; without one, what is and what was decided.");
        MapCommands(routes, routes.ServiceProvider.GetRequiredService<ModelCommands>());
        routes.ServiceProvider.GetRequiredService<MlflowCalls>().Map(routes);
        routes.MapPost("/api/trade_outcome", static (TradeOutcomes outcomes, HttpRequest request, CancellationToken cancel) => outcomes.PostAsync(request, cancel))
            .Accepts<TradeOutcomeShape>("application/json")
            .Produces<TradeOutcomeAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Tells what became of a trade of another program; it joins the next training batch.");
        LearningRoutes.Map(routes);
        routes.MapGet(StreamDoor.Path, static (StreamDoor door, HttpContext context) => door.ServeAsync(context))
            .WithMetadata(new AnyQuery())
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status426UpgradeRequired)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("The live stream: a WebSocket.");
        AuditPages.Map(routes);
        foreach ((string owner, string path) in Elsewhere) routes.ForwardTo(owner, path)?.WithMetadata(new AnyQuery());
        DashboardPages.Map(routes);
        ApiDocument.Map(routes);
    }

    private static void MapCommands(IEndpointRouteBuilder routes, ModelCommands commands)
    {
        MapCommand<RegisterVersion, VersionView>(routes, "/models/register", commands.RegisterAsync)
            .Produces<VersionView>(StatusCodes.Status201Created)
            .WithSummary("Registers a model file below the import folder; it serves nothing before an A/B test.");
        MapCommand<StartAbTest, ExperimentView>(routes, "/models/ab-test", commands.StartAbTestAsync)
            .WithSummary("Lets a registered and active version serve a share beside another.");
        MapCommand<PromoteWinner, PromotionView>(routes, "/models/promote-winner", commands.PromoteWinnerAsync)
            .WithSummary("Lets the challenger serve alone, if every check of the promotion policy has passed.");
        MapCommand<RollBack, RollbackShape>(routes, "/models/rollback", commands.RollBackAsync)
            .WithSummary("Ends the A/B test, or goes back to a version that served before and pins it; says what is served then.");
        MapCommand<Unpin, LiveView>(routes, "/models/unpin", commands.UnpinAsync)
            .WithSummary("Lifts the pin of a rollback: refreshes and promotions take the champion's place again.");
    }

    private static RouteHandlerBuilder MapCommand<TRequest, TAnswer>(IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> serve)
        where TRequest : notnull =>
        routes.MapPost(path, (Delegate)serve)
            .Accepts<TRequest>("application/json")
            .Produces<TAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static RouteHandlerBuilder MapPrediction<TRequest, TAnswer>(IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> serve, long bodyBytes)
        where TRequest : notnull =>
        routes.MapPost(path, (Delegate)serve)
            .WithMetadata(new OpenToAll(), new BodyLimit(bodyBytes))
            .Accepts<TRequest>("application/json")
            .Produces<TAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
