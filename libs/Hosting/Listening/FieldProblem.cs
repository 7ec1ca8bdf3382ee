using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>A request that is refused because of one field, as RFC 9457 problem details.</summary>
public static class FieldProblem
{
    /// <summary>400: one field is not in order.</summary>
    public static IResult Of(RequestRefusedException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        return Results.Problem(
            refused.Message, statusCode: StatusCodes.Status400BadRequest, title: "The request is refused.", extensions: new Dictionary<string, object?>
            {
                ["code"] = "invalid_field",
                ["field"] = refused.Field,
                ["value"] = refused.Value,
                ["limit"] = refused.Limit,
            });
    }
}
