using System.Text.Json;
using System.Text.Json.Nodes;
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
internal sealed class ApiDocument
{
    private const string Path = "/openapi/v1.json", Name = "v1", KeyScheme = "ApiKey";
    private readonly Lazy<Task<string>> _text;

    /// <summary>The document of what <paramref name="services"/> serve; it is made at the first request for it.</summary>
    public ApiDocument(IServiceProvider services) => _text = new Lazy<Task<string>>(() => MakeAsync(services));

    /// <summary>Registers it.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ApiDocument>();
        services.AddOpenApi(Name, static options =>
        {
            options.AddDocumentTransformer(static (document, _, _) => Head(document));
            options.AddOperationTransformer(static (operation, context, _) => Describe(operation, context));
            options.AddSchemaTransformer(static (schema, context, _) => Textual(schema, context.JsonTypeInfo.Type));
        });
    }

    /// <summary>Serves the document.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, static async (ApiDocument document) => Results.Text(await document._text.Value, "application/json"))
            .Produces<Dictionary<string, JsonElement>>()
            .WithSummary("This document.");

    /// <summary>Serves the page.</summary>
    public static void UsePage(IApplicationBuilder app) => app.UseSwaggerUI(static page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "QuadTurbo";
        page.SwaggerEndpoint(Path, "QuadTurbo v1");
    });

    private static async Task<string> MakeAsync(IServiceProvider services)
    {
        OpenApiDocument document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        string text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
        return DocumentMending.Mend(JsonNode.Parse(text)!.AsObject());
    }

    private static Task Head(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "QuadTurbo",
            Version = Name,
            Description = "Predictions, models, submissions and control. Refusals are RFC 9457 problem details. A value that is not known is absent; money is text, "
                + "base currency unless a currency stands beside it. A prediction has no use for: route_id, dexes, gas_estimate, chain; GET /models/summary lists as "
                + "unused_fields what the serving model does not use beside them.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = CommandGuard.Header },
        };
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        bool reads = context.Description.HttpMethod is null or "GET" or "HEAD" or "OPTIONS";
        if (!reads && !metadata.OfType<OpenToAll>().Any())
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
        foreach (string name in metadata.OfType<QueryNames>().SelectMany(q => q.Names))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }
        return Task.CompletedTask;
    }

    // Their converters hide from the schema what they write.
    private static Task Textual(OpenApiSchema schema, Type type)
    {
        Type written = Nullable.GetUnderlyingType(type) ?? type;
        if (written != typeof(decimal) && written != typeof(DateTime)) return Task.CompletedTask;
        schema.Type = written == type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        schema.Format = written == typeof(decimal) ? "decimal" : "date-time";
        if (written == typeof(decimal)) schema.Pattern = "^-?[0-9]+(\\.[0-9]+)?$";
        return Task.CompletedTask;
    }
}

/// <summary>Names of the query's fields, for an endpoint that reads it by itself.</summary>
/// <param name="Names">Each.</param>
internal sealed record QueryNames(params string[] Names);
