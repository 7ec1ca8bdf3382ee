using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>What an owner answers, or why there is no answer, as HTTP has it.</summary>
internal static class Answers
{
    /// <summary>200 with the answer; 400, 404, 409 or 422 where it is refused; 503 where no service of the process owns the question.</summary>
    public static async Task<IResult> TryAsync<T>(string unanswered, Func<Task<T>> ask)
    {
        try
        {
            return Results.Json(await ask());
        }
        catch (RequestRefusedException e)
        {
            return Problems.Of(e);
        }
        catch (RegistryRefusedException e)
        {
            return Problems.Of(e);
        }
        catch (UnansweredQueryException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, unanswered, e.Message);
        }
    }
}
