using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using QuadTurbo.Gateway.Security;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Docs;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and the page to try it at <c>/docs</c> (SERV-12), from embedded files: it needs no network.</summary>
internal static class ApiDocument
{
    private const string Path = "/openapi/v1.json";
    private const string KeyScheme = "ApiKey";

    /// <summary>Registers the document; it is made at the first request for it.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi(static options =>
    {
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "QuadTurbo",
                Version = "v1",
                Description = "Predictions, models, submissions and control. Refusals are RFC 9457 problem details. A prediction has no use for: route_id, dexes, "
                    + "gas_estimate, chain; GET /models/summary lists as unused_fields what the serving model does not use beside them.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = CommandGuard.Header },
            };
            AbsentNotNull.Apply(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            bool reads = context.Description.HttpMethod is null or "GET" or "HEAD" or "OPTIONS";
            if (!reads && !context.Description.ActionDescriptor.EndpointMetadata.OfType<OpenToAll>().Any())
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
            return Task.CompletedTask;
        });
    });

    /// <summary>Serves the document.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi();

    /// <summary>Serves the page.</summary>
    public static void UsePage(IApplicationBuilder app) => app.UseSwaggerUI(static page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "QuadTurbo";
        page.SwaggerEndpoint(Path, "QuadTurbo v1");
    });
}
