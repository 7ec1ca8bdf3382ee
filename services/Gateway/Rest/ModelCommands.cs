using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Gateway.Rest;

/// <summary>What people ask of the registry over HTTP (SERV-09..11, REG-10, REG-14): each body is read, the registry asked, its refusal told.</summary>
internal sealed class ModelCommands(ITransport transport)
{
    // The answer is due within five seconds, and the decision takes some of them.
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(4.5), Step = TimeSpan.FromMilliseconds(10);
    private int _goingBack;

    /// <summary><c>POST /models/register</c>: 201, or 200 for what was registered already.</summary>
    public Task RegisterAsync(HttpContext context) => AnswerAsync<RegisterVersion>(context, async (asked, cancel) =>
    {
        RegisteredVersion answer = await transport.AskAsync(Queries.RegisterVersion, asked, cancel);
        return Results.Json(answer.Version, statusCode: answer.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    });

    /// <summary><c>POST /models/ab-test</c>.</summary>
    public Task StartAbTestAsync(HttpContext context) => AnswerAsync<StartAbTest>(context, async (asked, cancel) =>
        Results.Json(await transport.AskAsync(Queries.StartAbTest, asked, cancel)));

    /// <summary><c>POST /models/promote-winner</c>: 409 with the checks while one of them is open.</summary>
    public Task PromoteWinnerAsync(HttpContext context) => AnswerAsync<PromoteWinner>(context, async (asked, cancel) =>
    {
        PromotionView answer = await transport.AskAsync(Queries.PromoteWinner, asked, cancel);
        return answer.Promoted
            ? Results.Json(answer)
            : Results.Problem(answer.Why, statusCode: StatusCodes.Status409Conflict, title: "The challenger is not promoted.", extensions: new Dictionary<string, object?>
            {
                ["code"] = "not_promoted",
                ["experiment"] = answer.Experiment,
                ["champion"] = answer.Champion,
                ["checks"] = answer.Checks,
            });
    });

    /// <summary><c>POST /models/rollback</c>: answers when what was decided is what is served, or within five seconds.</summary>
    /// <remarks>One at a time, whatever the type, as all types judge by one version: who asks twice in haste does not go back twice.</remarks>
    public Task RollBackAsync(HttpContext context) => AnswerAsync<RollBack>(context, async (asked, cancel) =>
    {
        if (Interlocked.Exchange(ref _goingBack, 1) == 1)
            return Problems.Of(StatusCodes.Status409Conflict, "under_way", "another rollback is under way; this request changed nothing");
        try
        {
            LiveView live = await transport.AskAsync(Queries.RollBack, asked, cancel);
            ModelRef? served = await ServedAsync(live, cancel);
            string note = live.Pinned
                ? $"{live.Champion?.Label} is pinned: no refresh and no promotion takes its place by itself, "
                + "until POST /models/unpin or a promotion by people"
                : "the A/B test has ended; the champion goes on, or the refresh of it that waited; nothing is pinned: name a version to pin it";
            return Results.Json(new RollbackShape(live, served, served is not null && served.Id == live.Champion?.Id, note));
        }
        finally
        {
            Volatile.Write(ref _goingBack, 0);
        }
    });

    /// <summary><c>POST /models/unpin</c>: the champion may be replaced again.</summary>
    public Task UnpinAsync(HttpContext context) => AnswerAsync<Unpin>(context, async (asked, cancel) =>
        Results.Json(await transport.AskAsync(Queries.Unpin, asked, cancel)));

    private async Task<ModelRef?> ServedAsync(LiveView live, CancellationToken cancel)
    {
        try
        {
            ModelRef served = (await transport.AskAsync(Queries.Serving, default, cancel)).Model;
            long began = Stopwatch.GetTimestamp();
            while (served.Id != live.Champion?.Id && Stopwatch.GetElapsedTime(began) < MostWait)
            {
                await Task.Delay(Step, cancel);
                served = (await transport.AskAsync(Queries.Serving, default, cancel)).Model;
            }
            return served;
        }
        catch (UnansweredQueryException)
        {
            return null;
        }
    }

    private static async Task AnswerAsync<T>(HttpContext context, Func<T, CancellationToken, Task<IResult>> ask)
    {
        IResult answer;
        try
        {
            using RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            answer = await ask(CommandBody.Read<T>(body.Memory), context.RequestAborted);
        }
        catch (RequestRefusedException e)
        {
            answer = Problems.Of(e);
        }
        catch (RegistryRefusedException e)
        {
            answer = Problems.Of(e);
        }
        catch (UnansweredQueryException e)
        {
            answer = Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_registry", e.Message);
        }
        await answer.ExecuteAsync(context);
    }
}
