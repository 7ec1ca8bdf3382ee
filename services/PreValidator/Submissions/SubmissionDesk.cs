using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Submissions;

/// <summary>Takes opportunities from callers, sends them down the same path as detected ones, and answers when the ledger holds the verdict.</summary>
public sealed class SubmissionDesk(
    InstrumentTable instruments, CostSettings costs, FeedSession session, ITransport transport, TimeProvider clock) : IDisposable
{
    /// <summary>The most submissions that wait for their answer.</summary>
    public const int MostWaiting = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<OpportunityId, Waiting> _waiting = new();
    // Submissions take their number and go out one at a time: who follows them relies on the numbers being in order.
    private readonly SemaphoreSlim _sending = new(1, 1);
    private long _number = session.Next;

    /// <summary>Listens for the verdicts of submissions.</summary>
    public static Listener<SubmissionDesk, OpportunityJudged> Verdicts { get; } = new(
        static (desk, judged, _) =>
        {
            if (judged.Submitted) desk.Judged(judged);
            return ValueTask.CompletedTask;
        },
        QueuePolicy.DropOldest(MostWaiting),
        Wants: static desk => !desk._waiting.IsEmpty);

    /// <summary><c>POST /opportunities</c>: 202 passed, 422 refused, both with tracking id and verdict; 400 when it cannot be judged.</summary>
    public static async Task<IResult> PostAsync(Submission submission, SubmissionDesk desk, CancellationToken cancel)
    {
        Dictionary<string, string[]> errors = submission.Errors(desk.Instruments);
        if (errors.Count > 0) return Results.ValidationProblem(errors, "The opportunity cannot be judged.");
        if (desk._waiting.Count >= MostWaiting)
            return Results.Problem($"{MostWaiting} submissions are waiting already; try again", statusCode: StatusCodes.Status429TooManyRequests);
        return await desk.SubmitAsync(submission, cancel);
    }

    /// <summary>Answers those whose verdict is on disk.</summary>
    public void Committed(DecisionsCommitted committed)
    {
        foreach (OpportunityId id in committed.Ids)
            if (_waiting.TryGetValue(id, out Waiting? waiting)) waiting.Durable.TrySetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _sending.Dispose();

    private InstrumentTable Instruments => instruments;

    private async Task<IResult> SubmitAsync(Submission submission, CancellationToken cancel)
    {
        (Opportunity opportunity, Waiting waiting) = await SendAsync(submission, cancel);
        try
        {
            Decision decision = await waiting.Verdict.Task.WaitAsync(Patience, cancel);
            await waiting.Durable.Task.WaitAsync(Patience, cancel);
            var packet = new OpportunityPacket(decision);
            return decision.Passed ? Results.Accepted($"/opportunities/{decision.Id}", packet) : Results.UnprocessableEntity(packet);
        }
        catch (TimeoutException)
        {
            return Results.Problem(
                $"opportunity {opportunity.Id} was taken in, but it is not known to be on disk: ask 'why {opportunity.Id}' before sending it again",
                statusCode: StatusCodes.Status504GatewayTimeout);
        }
        finally
        {
            _waiting.TryRemove(opportunity.Id, out _);
        }
    }

    private async Task<(Opportunity Opportunity, Waiting Waiting)> SendAsync(Submission submission, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            long number = _number++;
            Opportunity opportunity = submission.ToOpportunity(
                instruments, costs.Fees, costs.Notional, session.Name, number, clock.GetUtcNow().UtcDateTime);
            Waiting waiting = _waiting[opportunity.Id] = new Waiting();
            // Not cancelled any more: a waiting place that nobody waits in would stay behind.
            await transport.PublishAsync(
                Topics.OpportunityDetected, new OpportunityDetected { Position = number, Opportunities = [opportunity], Submitted = true }, CancellationToken.None);
            return (opportunity, waiting);
        }
        finally
        {
            _sending.Release();
        }
    }

    private void Judged(OpportunityJudged judged)
    {
        foreach (Decision decision in judged.Decisions)
            if (_waiting.TryGetValue(decision.Id, out Waiting? waiting)) waiting.Verdict.TrySetResult(decision);
    }

    private sealed record Waiting
    {
        public TaskCompletionSource<Decision> Verdict { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The answer to a submission: tracking id and verdict [LANE-05].</summary>
public sealed record OpportunityPacket
{
    /// <summary>The answer for one decision.</summary>
    public OpportunityPacket(Decision decision)
    {
        TrackingId = decision.Id.ToString();
        Passed = decision.Passed;
        Reasons = [.. decision.Reasons];
        Score = double.IsNaN(decision.Score) ? null : decision.Score;
        Model = decision.Model.Label;
        ModelId = decision.Model.Id;
    }

    /// <summary>Trace id: give it to <c>why</c>.</summary>
    public string TrackingId { get; }

    /// <summary>Verdict of lane 4.</summary>
    public bool Passed { get; }

    /// <summary>Coded reasons of a refusal.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>The model's score, 0 to 1; null when unknown.</summary>
    public double? Score { get; }

    /// <summary>Label of the model.</summary>
    public string Model { get; }

    /// <summary>Identity of the model.</summary>
    public string ModelId { get; }
}
