using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace QuadTurbo.Gateway.Rest.Audit;

/// <summary>One field of a query, as it is documented and read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Description">What it does, with its limits.</param>
/// <param name="OneOf">The words that it may be; empty for any.</param>
internal sealed record QueryField(string Name, JsonSchemaType Type, string Description, params string[] OneOf)
{
    /// <summary>Documents <paramref name="fields"/> as the query of an endpoint that reads them itself, so that a bad one is refused by name, value and limit.</summary>
    public static RouteHandlerBuilder Document(RouteHandlerBuilder endpoint, IReadOnlyList<QueryField> fields) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
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
