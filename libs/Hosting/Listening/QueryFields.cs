using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace QuadTurbo.Hosting.Listening;

/// <summary>The fields that the query of an endpoint may have, each once; a read that names none has none.</summary>
/// <param name="Names">Each.</param>
public sealed record QueryFields(params string[] Names)
{
    /// <summary>Passes a request on whose query has no other field, or answers 400 with the name of the first that is.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.Request.Query.Count == 0 || context.GetEndpoint() is not { } endpoint) return next(context);
        if (endpoint.Metadata.GetMetadata<AnyQuery>() is not null) return next(context);
        IReadOnlyList<QueryFields> fields = endpoint.Metadata.GetOrderedMetadata<QueryFields>();
        return (fields.Count > 0 || HttpMethods.IsGet(context.Request.Method)) && Refused(context.Request.Query, [.. fields.SelectMany(f => f.Names)]) is { } refused
            ? FieldProblem.Of(refused).ExecuteAsync(context)
            : next(context);
    }

    private static RequestRefusedException? Refused(IQueryCollection query, string[] names)
    {
        foreach ((string name, StringValues values) in query)
        {
            string allowed = names.Length == 0 ? "left out" : $"one of {string.Join(", ", names)}";
            if (!names.Contains(name)) return new RequestRefusedException(Echo.Of(name), "not a field of this query", allowed);
            if (values.Count != 1) return new RequestRefusedException(name, "given twice", "given once");
        }
        return null;
    }
}

/// <summary>Marks an endpoint that passes over fields of the query that it does not know: pages, probes, the stream, and interfaces with rules of their own.</summary>
public sealed class AnyQuery;
