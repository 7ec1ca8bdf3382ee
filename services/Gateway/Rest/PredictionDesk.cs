using System.Buffers;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Gateway.Rest;

/// <summary><c>POST /predict/batch</c> and <c>POST /predict/single</c> (SERV-01..04, 07): the body is read, scored by Inference and answered, in pooled buffers.</summary>
internal sealed class PredictionDesk(ITransport transport, TimeProvider clock)
{
    private const double DefaultThreshold = 0.8;
    private const int UsualOpportunityBytes = 200;

    private static readonly Counter<long> Refusals = Meters.Shared.CreateCounter<long>("quadturbo_predict_refused_total", null, "Requests for predictions that were refused.");
    private readonly ConditionalWeakTable<ScorerNames, PredictionWriter.Names> _names = [];
    private long _refused;

    /// <summary>Requests refused since the process started.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Scores a batch; refuses it whole when one field is not in order.</summary>
    public Task BatchAsync(HttpContext context) => AnswerAsync(context, single: false);

    /// <summary>Scores one opportunity.</summary>
    public Task SingleAsync(HttpContext context) => AnswerAsync(context, single: true);

    private async Task AnswerAsync(HttpContext context, bool single)
    {
        using RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        using var batch = new PredictionBatch(single ? 1 : body.Length / UsualOpportunityBytes + 1) { Body = body.Memory, Threshold = DefaultThreshold };
        if (Refusal(batch, single) is { } refusal)
        {
            Interlocked.Increment(ref _refused);
            Refusals.Add(1);
            await Problems.Of(refusal).ExecuteAsync(context);
            return;
        }
        PredictionAnswer answer;
        try
        {
            answer = await transport.AskAsync(Queries.ScorePredictions, batch, context.RequestAborted);
        }
        catch (UnansweredQueryException e)
        {
            await Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_inference", e.Message).ExecuteAsync(context);
            return;
        }
        await WriteAsync(context.Response, batch, answer, single, context.RequestAborted);
    }

    private static RequestRefusedException? Refusal(PredictionBatch batch, bool single)
    {
        try
        {
            if (single) PredictionReader.ReadSingle(batch.Body.Span, batch);
            else PredictionReader.ReadBatch(batch.Body.Span, batch);
            return null;
        }
        catch (RequestRefusedException e)
        {
            return e;
        }
    }

    private async ValueTask WriteAsync(HttpResponse response, PredictionBatch batch, PredictionAnswer answer, bool single, CancellationToken cancel)
    {
        PredictionWriter.Names names = NamesOf(answer.Scorer);
        PredictionWriter.Names? challenger = answer.Challenger is { } rival ? NamesOf(rival) : null;
        DateTime now = clock.GetUtcNow().UtcDateTime;
        PredictionWriter.Written written = single
            ? PredictionWriter.Single(batch, answer, names, challenger, now)
            : PredictionWriter.Batch(batch, answer, names, challenger, now);
        try
        {
            response.ContentType = "application/json";
            response.ContentLength = written.Length;
            await response.BodyWriter.WriteAsync(written.Buffer.AsMemory(0, written.Length), cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(written.Buffer);
        }
    }

    // Written once for as long as a model serves, and forgotten with it.
    private PredictionWriter.Names NamesOf(ScorerNames scorer) => _names.GetValue(scorer, static s => new PredictionWriter.Names(s));
}
