using Microsoft.OpenApi;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Docs;

/// <summary>What a view does not know it leaves out: its document says "not required" and never "or null".</summary>
internal static class AbsentNotNull
{
    private static readonly HashSet<string> Views =
        [.. typeof(OverviewView).Assembly.GetTypes().Where(t => t.Namespace == typeof(OverviewView).Namespace).Select(t => t.Name)];

    /// <summary>Takes null out of every optional field of the views.</summary>
    public static void Apply(OpenApiDocument document)
    {
        foreach ((string name, IOpenApiSchema schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (!Views.Contains(name) || schema is not OpenApiSchema { Properties: { } properties }) continue;
            foreach (string property in properties.Keys.ToList()) properties[property] = Present(properties[property]);
        }
    }

    private static IOpenApiSchema Present(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema own) return schema;
        if (own.OneOf is { Count: 2 } either && either.FirstOrDefault(s => s.Type != JsonSchemaType.Null) is { } other) return other;
        if (own.Type is { } type && type.HasFlag(JsonSchemaType.Null) && type != JsonSchemaType.Null) own.Type = type & ~JsonSchemaType.Null;
        return own;
    }
}
