using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>The OpenAPI document and its page (SERV-12).</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Every_route_that_is_served_is_documented_with_a_summary_and_nothing_else_is()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await ServedIsDocumentedAsync(host);
    }

    internal static async Task ServedIsDocumentedAsync(GatewayHost host)
    {
        JsonObject paths = JsonNode.Parse(await host.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();
        string[] documented = [.. paths.SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}")).Order(StringComparer.Ordinal)];

        string[] served =
        [
            // The pages and files of the dashboard are no part of the API.
            .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.RoutePattern.RawText != "/ui/{**path}")
                .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => $"{m} /{e.RoutePattern.RawText!.Trim('/')}"))
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(served, documented);
        Assert.All(paths.SelectMany(p => p.Value!.AsObject()), o => Assert.False(string.IsNullOrEmpty((string?)o.Value!["summary"]), o.Key));
    }

    [Fact]
    public async Task The_shapes_of_the_document_are_those_that_are_served()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonNode schemas = JsonNode.Parse(await host.Http.GetStringAsync("/openapi/v1.json"))!["components"]!["schemas"]!;
        JsonObject answer = await host.PredictAsync(Golden.Request), single = await host.PredictAsync(Golden.Opportunity, "/predict/single");

        Assert.Equal(Keys(answer), Keys(schemas["BatchAnswerShape"]!["properties"]!));
        // A row that has a score has no reason for having none.
        Assert.Equal([.. Keys(answer["predictions"]![0]!).Append("no_score").Order()], Keys(schemas["PredictionShape"]!["properties"]!));
        Assert.Equal([.. Keys(single).Append("no_score").Order()], Keys(schemas["SingleAnswerShape"]!["properties"]!));
        Assert.Equal(Keys(Golden.Request), Keys(schemas["BatchRequestShape"]!["properties"]!));
        Assert.Equal(Keys(TradeOutcomeTests.Sample), Keys(schemas["TradeOutcomeShape"]!["properties"]!));
        Assert.Equal([.. Keys(Golden.Opportunity).Append("timestamp").Order()], Keys(schemas["OpportunityShape"]!["properties"]!));
    }

    [Fact]
    public async Task A_command_is_documented_as_needing_a_key_and_a_prediction_is_not()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        JsonNode paths = JsonNode.Parse(await host.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!;

        Assert.Contains("ApiKey", paths["/command"]!["post"]!["security"]!.ToJsonString());
        Assert.Null(paths["/predict/batch"]!["post"]!["security"]);
    }

    [Fact]
    public async Task The_page_at_docs_is_served_from_the_program_itself()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        string page = await host.Http.GetStringAsync("/docs");

        Assert.Contains("swagger-ui", page);
        Assert.DoesNotContain("src=\"http", page);
        Assert.DoesNotContain("href=\"http", page);
        foreach (string file in new[] { "swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-standalone-preset.js" })
            Assert.NotEmpty(await host.Http.GetStringAsync($"/docs/{file}"));
    }

    internal static string[] Keys(JsonNode node) => [.. node.AsObject().Select(m => m.Key).Order()];
}
