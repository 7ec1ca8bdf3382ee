using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using QuadTurbo.Gateway.Docs;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Gateway.Rest;

/// <summary>An error as MLflow has it.</summary>
internal sealed record MlflowErrorShape([property: JsonPropertyName("error_code")] string ErrorCode, string Message);

/// <summary>What MLflow's clients ask of a model registry (REG-12), handed to the registry as it came; errors are MLflow's own.</summary>
internal sealed class MlflowCalls(ITransport transport)
{
    private const string Prefix = "/api/2.0/mlflow/";

    private static readonly (string Call, string Summary, string[] Query)[] Reads =
    [
        ("registered-models/get", "MLflow: one model type.", ["name"]),
        ("registered-models/search", "MLflow: the model types.", ["filter", "max_results", "page_token"]),
        ("model-versions/get", "MLflow: one version.", ["name", "version"]),
        ("model-versions/search", "MLflow: versions, the newest first.", ["filter", "max_results", "page_token"]),
        ("model-versions/get-download-uri", "MLflow: where a version's artefact lies.", ["name", "version"]),
    ];

    private static readonly (string Call, string Summary)[] Writes =
    [
        ("registered-models/create", "MLflow: says that the model type exists."),
        ("model-versions/create", "MLflow: registers a package of the import folder."),
        ("model-versions/set-tag", "MLflow: hangs a tag on a version."),
    ];

    /// <summary>Serves every call.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string call, string summary, string[] query) in Reads)
            Described(routes.MapGet(Prefix + call, (Delegate)((HttpContext context) => AnswerAsync(context, call))), summary).WithMetadata(new QueryNames(query), new AnyQuery());
        foreach ((string call, string summary) in Writes)
        {
            Described(routes.MapPost(Prefix + call, (Delegate)((HttpContext context) => AnswerAsync(context, call))), summary)
                .Accepts<Dictionary<string, JsonElement>>("application/json");
        }
    }

    private static RouteHandlerBuilder Described(RouteHandlerBuilder route, string summary)
    {
        route.Produces<Dictionary<string, JsonElement>>().ProducesProblem(StatusCodes.Status503ServiceUnavailable).WithSummary(summary);
        foreach (int status in (int[])[StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict])
            route.Produces<MlflowErrorShape>(status);
        return route;
    }

    private async Task AnswerAsync(HttpContext context, string call)
    {
        MlflowReply reply;
        try
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                Dictionary<string, string> query = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
                reply = await transport.AskAsync(Queries.Mlflow, new MlflowCall(call, JsonSerializer.SerializeToUtf8Bytes(query)), context.RequestAborted);
            }
            else
            {
                using RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
                reply = await transport.AskAsync(Queries.Mlflow, new MlflowCall(call, body.Memory), context.RequestAborted);
            }
        }
        catch (UnansweredQueryException e)
        {
            await Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_registry", e.Message).ExecuteAsync(context);
            return;
        }
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }
}
