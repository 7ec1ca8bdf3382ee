using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Whether what a command does is kept by the ledger, and the refusal where it is not.</summary>
public static class Durability
{
    /// <summary>The longest that a command waits for the ledger.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Why <paramref name="change"/>, or with null anything at all, is not on disk; null when it is, or when no ledger is kept in this process.</summary>
    public static async Task<string?> WhyNotAsync(ITransport transport, AccountChanged? change = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        try
        {
            return (await transport.AskAsync(Queries.Durable, new DurableQuestion(change, Patience), cancel)).WhyNot;
        }
        catch (UnansweredQueryException)
        {
            return null;
        }
    }

    /// <summary>503 <c>not_kept</c>.</summary>
    public static IResult NotKept(string detail, params (string Name, object? Value)[] also)
    {
        var more = new Dictionary<string, object?> { ["code"] = "not_kept" };
        foreach ((string name, object? value) in also) more[name] = value;
        return Results.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: more);
    }
}
