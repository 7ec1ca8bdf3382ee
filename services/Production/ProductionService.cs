using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Production;

/// <summary>Step 3a, lane 1: what passed is traded, within what the account allows.</summary>
public static class ProductionService
{
    private const int MarketQueue = 65_536;

    /// <summary>The service.</summary>
    public static Service Definition { get; } = new("production", Add, Map)
    {
        Settings = [typeof(GuardSettings), typeof(GraduationSettings), typeof(PaperVenueSettings)],
        Recovery = Recovery.Replay,
    };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TradingAccount>();
        builder.Services.AddSingleton<PaperVenue>();
        builder.Services.AddSingleton<ProductionLane>();
        builder.Services.AddSingleton<TradingSwitch>();
        builder.Services.AddSingleton<AccountDesk>();
        builder.Answer<AccountDesk, GuardQuestion, GuardView>(Queries.Guard, static async (desk, _, cancel) => GuardAnswer.Of(await desk.ReadAsync(cancel)));
        builder.Recall<TradingAccount, AccountChanged>(Topics.AccountChanged, static (account, change) => account.Recall(change));
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
        routes.MapGet("/api/account", static async (AccountDesk desk, CancellationToken cancel) => await desk.ReadAsync(cancel)).WithName("getAccount").WithSummary("The account: exposure, limits, guard, stage.");
        MapSwitch<KillRequest>(routes, "/api/kill", static async (request, lever) =>
            SwitchProblem.Of(request.Reason) ?? SwitchProblem.OfKill(await lever.KillAsync(request.Reason)))
            .WithName("killTrading")
            .WithSummary("Stops trading at once; 503 where the ledger cannot keep it.");
        MapSwitch<ResumeRequest>(routes, "/api/resume", static async (request, lever) =>
            SwitchProblem.Of(request.Reason) ?? SwitchProblem.OfConfirmation(request.Confirm) ?? SwitchProblem.OfResume(await lever.ResumeAsync(request.Reason)))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("resumeTrading")
            .WithSummary("Allows trading again after a kill; the lane's name, production, is typed as a confirmation.");
    }

    private static RouteHandlerBuilder MapSwitch<TRequest>(IEndpointRouteBuilder routes, string path, Func<TRequest, TradingSwitch, Task<IResult>> turn)
        where TRequest : notnull =>
        routes.MapPost(path, async (HttpRequest request, TradingSwitch lever, CancellationToken cancel) =>
        {
            TRequest command;
            try
            {
                using RequestBody body = await RequestBody.ReadAsync(request, cancel);
                command = CommandBody.Read<TRequest>(body.Memory);
            }
            catch (RequestRefusedException e)
            {
                return FieldProblem.Of(e);
            }
            return await turn(command, lever);
        })
            .Accepts<TRequest>("application/json")
            .Produces<SwitchAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}

/// <summary>The body of <c>POST /api/kill</c>.</summary>
/// <param name="Reason">Why; 1 to 500 characters, none of control. It is kept in the ledger.</param>
public sealed record KillRequest([property: JsonPropertyName("reason")] string Reason);

/// <summary>The body of <c>POST /api/resume</c>.</summary>
/// <param name="Reason">Why; 1 to 500 characters, none of control. It is kept in the ledger.</param>
/// <param name="Confirm">The name of the lane, typed: <c>production</c>.</param>
public sealed record ResumeRequest([property: JsonPropertyName("reason")] string Reason, [property: JsonPropertyName("confirm")] string Confirm);

/// <summary>What became of the kill switch.</summary>
/// <param name="Event"><c>killed</c> or <c>resumed</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record SwitchAnswer(string Event, string Reason, DateTime At)
{
    /// <summary>The answer that tells of <paramref name="change"/>.</summary>
    public static SwitchAnswer Of(AccountChanged change) => new(change.Event, change.Why, change.At);
}
