using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Rest;

/// <summary>One field of a query, as it is documented and read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Description">What it does, with its limits.</param>
/// <param name="OneOf">The words that it may be; empty for any.</param>
internal sealed record QueryField(string Name, JsonSchemaType Type, string Description, params string[] OneOf)
{
    /// <summary>The fields of a page, for <see cref="QueryReader.Page"/>.</summary>
    public static IReadOnlyList<QueryField> Paged { get; } =
    [
        new("limit", JsonSchemaType.Integer, "Most items of the page, 1 to 1000."),
        new("cursor", JsonSchemaType.String, "'next' of the page before; the newest without it."),
    ];

    /// <summary>Documents <paramref name="fields"/> as the query of an endpoint that reads them itself, so that a bad one is refused by name, value and limit.</summary>
    public static RouteHandlerBuilder Document(RouteHandlerBuilder endpoint, IReadOnlyList<QueryField> fields) => endpoint
        .WithMetadata(new QueryFields([.. fields.Select(f => f.Name)]))
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters = [.. operation.Parameters ?? [], .. fields.Select(f => f.Parameter)];
            return Task.CompletedTask;
        });

    private OpenApiParameter Parameter => new()
    {
        Name = Name,
        In = ParameterLocation.Query,
        Description = Description,
        Schema = new OpenApiSchema { Type = Type, Enum = OneOf.Length == 0 ? null : [.. OneOf.Select(w => (JsonNode)w)] },
    };
}
