using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Refusals as RFC 9457 problem details; each names its code, and the field where there is one.</summary>
internal static class Problems
{
    /// <summary>400: one field is not in order.</summary>
    public static IResult Of(RequestRefusedException refused) => Results.Problem(
        refused.Message, statusCode: StatusCodes.Status400BadRequest, title: "The request is refused.", extensions: new Dictionary<string, object?>
        {
            ["code"] = "invalid_field",
            ["field"] = refused.Field,
            ["value"] = refused.Value,
            ["limit"] = refused.Limit,
        });

    /// <summary>Any other refusal.</summary>
    public static IResult Of(int status, string code, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
