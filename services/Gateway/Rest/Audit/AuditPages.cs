using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Rest.Audit;

/// <summary>What the auditor knows, over HTTP: the overview, decisions, their lives, gates, twins and ways of executing.</summary>
internal sealed class AuditPages(ITransport transport)
{
    private const int DefaultLimit = 50, DefaultDecisions = 20, DefaultPoints = 600, MostPoints = 2000;
    private const double MostBps = 1e6;

    private static readonly QueryField[] Points = [new("points", JsonSchemaType.Integer, $"Most points, 1 to {MostPoints}; {DefaultPoints} unless said.")];

    private static readonly QueryField[] Filters =
    [
        .. QueryField.Paged,
        new("symbol", JsonSchemaType.String, "The symbol it is reported under."),
        new("kind", JsonSchemaType.String, "What it is.", "cross_venue", "directional"),
        new("verdict", JsonSchemaType.String, "What the pre-validator said.", "passed", "refused"),
        new("gate", JsonSchemaType.String, "A gate that refused it."),
        new("lane", JsonSchemaType.String, "The lane owes it an outcome; 'result' is that lane's.", "production", "shadow_sim"),
        new("result", JsonSchemaType.String, "What became of it, in either lane where none is named; within 0.5 bps is breakeven.",
            "win", "loss", "breakeven", "missed"),
        new("model", JsonSchemaType.String, "Label of the model that scored it."),
        new("min_net_bps", JsonSchemaType.Number, "Least edge after fees, bps."),
    ];

    /// <summary>Registers what the pages need.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static sp => new OverviewPage(sp.GetRequiredService<ITransport>(), TimeProvider.System));
        services.AddSingleton<AuditPages>();
    }

    /// <summary>Serves the pages.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        AuditPages pages = routes.ServiceProvider.GetRequiredService<AuditPages>();
        OverviewPage overview = routes.ServiceProvider.GetRequiredService<OverviewPage>();
        Serve<OverviewView>(routes, "/api/overview", "getOverview", [], (_, cancel) => overview.ReadAsync(cancel))
            .WithSummary("The four lanes, the guard, what was lost, what is earned, and what to look at.");
        pages.Ask(routes, "/api/equity", "getEquity", Points, Queries.Equity,
            static query => new EquityQuestion(query.Whole("points", 1, MostPoints, DefaultPoints)))
            .WithSummary("Cumulative net profit of production and shadow over the market's time.");
        pages.Ask(routes, "/api/opportunities", "listOpportunities", Filters, Queries.Opportunities, Filtered)
            .WithSummary("Decisions, newest first, with what the lanes made of them.");
        pages.Seek(routes, "/api/opportunities/{id}", "getOpportunity", 32, Queries.OpportunityLife)
            .WithSummary("The whole life of one opportunity: features, gates, score, outcomes, twin.");
        pages.Seek(routes, "/api/why/{id}", "explainOpportunity", 4, Queries.Why)
            .WithSummary("One decision as 'quadturbo why ID --json' tells it; the first 4 digits of the id and more will do.");
        pages.Ask(routes, "/api/gates", "getGates", [], Queries.Gates, static _ => default(GatesQuestion))
            .WithSummary("Every gate on trial: what it blocked well and badly, what other limits would have blocked, and a better one.");
        pages.Ask(routes, "/api/twins", "listTwins", QueryField.Paged, Queries.Twins, static query => query.Page(DefaultLimit))
            .WithSummary("Production beside shadow: the gap and its causes, in total and pair by pair, newest first.");
        pages.Ask(routes, "/api/ai/decisions/recent", "listRecentDecisions", QueryField.Paged, Queries.RecentLives, static query => query.Page(DefaultDecisions))
            .WithSummary("The latest decisions, each told whole but for fills and contributions.");
        Serve(routes, "/api/ml/predictions/recent", "listRecentPredictions", QueryField.Paged,
            async (query, cancel) => PredictionsPage.Of(await pages.Asked(Queries.Opportunities, new OpportunitiesQuestion { Page = query.Page(DefaultLimit) }, cancel)))
            .WithSummary("What the models said of the latest opportunities, the newest first.");
        pages.Ask(routes, "/api/execution/matrix", "getExecutionMatrix", [], Queries.ExecutionMatrix, static _ => default(MatrixQuestion))
            .WithSummary("How often each way of executing succeeds: by kind, symbol and venues, for production and shadow.");
    }

    private static OpportunitiesQuestion Filtered(QueryReader query) => new()
    {
        Page = query.Page(DefaultLimit),
        Symbol = query.Text("symbol"),
        Kind = query.Text("kind"),
        Passed = query.Text("verdict") switch
        {
            null => null,
            var verdict => verdict == "passed",
        },
        Gate = query.Text("gate"),
        Lane = query.Text("lane"),
        Result = query.Text("result"),
        Model = query.Text("model"),
        MinNetBps = query.Number("min_net_bps", -MostBps, MostBps),
    };

    private RouteHandlerBuilder Ask<TQuestion, TAnswer>(
        IEndpointRouteBuilder routes, string path, string name, IReadOnlyList<QueryField> fields, Query<TQuestion, TAnswer> query, Func<QueryReader, TQuestion> question)
        where TAnswer : notnull =>
        Serve(routes, path, name, fields, (read, cancel) => Asked(query, question(read), cancel));

    private ValueTask<TAnswer> Asked<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, CancellationToken cancel) =>
        transport.AskAsync(query, question, cancel);

    private static RouteHandlerBuilder Serve<TAnswer>(
        IEndpointRouteBuilder routes, string path, string name, IReadOnlyList<QueryField> fields, Func<QueryReader, CancellationToken, ValueTask<TAnswer>> answer)
        where TAnswer : notnull =>
        Described<TAnswer>(
            QueryField.Document(
                routes.MapGet(path, (HttpRequest request, CancellationToken cancel) =>
                    AnsweredAsync(async () => Results.Json(await answer(new QueryReader(request, fields), cancel)))), fields),
            name);

    private RouteHandlerBuilder Seek<TAnswer>(IEndpointRouteBuilder routes, string path, string name, int digits, Query<StoryQuestion, Sought<TAnswer>> query)
        where TAnswer : class =>
        Described<TAnswer>(
            routes.MapGet(path, (string id, CancellationToken cancel) => AnsweredAsync(async () =>
            {
                Sought<TAnswer> sought = await transport.AskAsync(query, new StoryQuestion(QueryReader.Id(id, digits)), cancel);
                return sought.Found is { } found ? Results.Json(found) : Problems.Of(StatusCodes.Status404NotFound, "not_found", sought.Why);
            })),
            name).ProducesProblem(StatusCodes.Status404NotFound);

    private static RouteHandlerBuilder Described<TAnswer>(RouteHandlerBuilder endpoint, string name) => endpoint
        .Produces<TAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithName(name);

    private static async Task<IResult> AnsweredAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (RequestRefusedException e)
        {
            return Problems.Of(e);
        }
        catch (AuditUnavailableException e)
        {
            return Problems.Of(e);
        }
        catch (UnansweredQueryException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_auditor", e.Message);
        }
    }
}
