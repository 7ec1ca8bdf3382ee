using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Refusals as RFC 9457 problem details; each names its code, and the field where there is one.</summary>
internal static class Problems
{
    /// <summary>400: one field is not in order.</summary>
    public static IResult Of(RequestRefusedException refused) => FieldProblem.Of(refused);

    /// <summary>404, 409, 422 or 503: what the registry refuses, with the field that it is about.</summary>
    public static IResult Of(RegistryRefusedException refused)
    {
        (int status, string code) = refused.Reason switch
        {
            Refusal.NotFound => (StatusCodes.Status404NotFound, "not_found"),
            Refusal.Conflict => (StatusCodes.Status409Conflict, "conflict"),
            Refusal.NotKept => (StatusCodes.Status503ServiceUnavailable, "not_kept"),
            Refusal.Damaged => (StatusCodes.Status503ServiceUnavailable, "damaged"),
            _ => (StatusCodes.Status422UnprocessableEntity, "invalid_field"),
        };
        var more = new Dictionary<string, object?> { ["code"] = code };
        if (refused.Field is { } field) more["field"] = field;
        return Results.Problem(refused.Message, statusCode: status, title: "The registry refuses.", extensions: more);
    }

    /// <summary>503: why the auditor cannot answer for now.</summary>
    public static IResult Of(AuditUnavailableException unavailable) => Of(
        StatusCodes.Status503ServiceUnavailable,
        unavailable.Trouble switch
        {
            AuditTrouble.TablesDamaged => "tables_damaged",
            AuditTrouble.DiskFull => "disk_full",
            AuditTrouble.TablesUnreadable => "tables_unreadable",
            _ => "ledger_waits",
        },
        unavailable.Message);

    /// <summary>Any other refusal.</summary>
    public static IResult Of(int status, string code, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
