using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production;

/// <summary>Step 3a, lane 1: what passed is traded, within what the account allows.</summary>
public static class ProductionService
{
    private const int MarketQueue = 65_536;
    private const int LongestReason = 500;

    /// <summary>The service.</summary>
    public static Service Definition { get; } = new("production", Add, Map)
    {
        Settings = [typeof(GuardSettings), typeof(GraduationSettings), typeof(PaperVenueSettings)],
    };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TradingAccount>();
        builder.Services.AddSingleton<PaperVenue>();
        builder.Services.AddSingleton<ProductionLane>();
        builder.Subscribe<ProductionLane, AccountSnapshot>(Topics.AccountRestored, static _ => new(
            static (lane, snapshot, cancel) => lane.RestoreAsync(snapshot, cancel), QueuePolicy.Wait(1)));
        builder.Subscribe<ProductionLane, OpportunityJudged>(Topics.OpportunityValidated, static services => new(
            static (lane, judged, cancel) => lane.ExecuteAsync(judged, cancel),
            QueuePolicy.DropOldest(services.GetRequiredService<LaneSettings>().MaxQueueSize),
            static (lane, judged) => lane.ReadyFor(judged),
            static (lane, judged, cancel) => lane.DropAsync(judged, cancel)));
        builder.Subscribe<ProductionLane, MarketObserved>(Topics.MarketObserved, static _ => new(
            static (lane, market, cancel) => lane.SettleAsync(market, cancel),
            QueuePolicy.Wait(MarketQueue),
            static (lane, market) => lane.ReadyFor(market)));
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/account", static (TradingAccount account) => account.View).WithSummary("The account: exposure, limits, guard, stage.");
        routes.MapPost("/api/kill", static async (SwitchRequest request, ProductionLane lane, CancellationToken cancel) =>
            ReasonMissing(request) ?? Results.Ok(SwitchAnswer.Of(await lane.KillAsync(request.Reason!, cancel))))
            .Produces<SwitchAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Stops trading at once.");
        routes.MapPost("/api/resume", static async (SwitchRequest request, ProductionLane lane, CancellationToken cancel) =>
            ReasonMissing(request)
            ?? (await lane.ResumeAsync(request.Reason!, cancel) is { } resumed
                ? Results.Ok(SwitchAnswer.Of(resumed))
                : Results.Problem("the kill switch is not thrown", statusCode: StatusCodes.Status409Conflict)))
            .Produces<SwitchAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Allows trading again after a kill.");
    }

    private static IResult? ReasonMissing(SwitchRequest request) =>
        string.IsNullOrWhiteSpace(request.Reason) ? Results.Problem("reason: is missing; say why", statusCode: StatusCodes.Status400BadRequest)
        : request.Reason.Any(char.IsControl) ? Results.Problem("reason: has control characters; write it as plain text", statusCode: StatusCodes.Status400BadRequest)
        : request.Reason.Length > LongestReason
            ? Results.Problem($"reason: has {request.Reason.Length} characters; it must have at most {LongestReason}", statusCode: StatusCodes.Status400BadRequest)
        : null;
}

/// <summary>The body of <c>POST /api/kill</c> and <c>POST /api/resume</c>.</summary>
/// <param name="Reason">Why; it is kept in the ledger.</param>
public sealed record SwitchRequest(string? Reason);

/// <summary>What became of the kill switch.</summary>
/// <param name="Event"><c>killed</c> or <c>resumed</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record SwitchAnswer(string Event, string Reason, DateTime At)
{
    /// <summary>The answer that tells of <paramref name="change"/>.</summary>
    public static SwitchAnswer Of(AccountChanged change) => new(change.Event, change.Why, change.At);
}
