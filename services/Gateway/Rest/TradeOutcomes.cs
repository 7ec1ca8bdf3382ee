using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest;

/// <summary><c>POST /api/trade_outcome</c> (REG-07): what became of a trade of another program is told to Training, once.</summary>
/// <remarks>The last <see cref="MostRemembered"/> trades are remembered, and Training is asked for those of earlier runs: the same body again changes nothing, another one for the same trade is refused.</remarks>
internal sealed class TradeOutcomes(ITransport transport, TimeProvider clock)
{
    /// <summary>Trades that are remembered; the oldest gives way.</summary>
    public const int MostRemembered = 100_000;

    private readonly Lock _remembering = new();
    private readonly Dictionary<string, UInt128> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>200 when it is told or was known, 400 when a field is not in order, 409 when the trade is known with another outcome, 503 when nobody learns or the ledger cannot write.</summary>
    public async Task<IResult> PostAsync(HttpRequest request, CancellationToken cancel)
    {
        using RequestBody body = await RequestBody.ReadAsync(request, cancel);
        OutcomeReported reported;
        try
        {
            reported = TradeOutcomeReader.Read(body.Memory, clock.GetUtcNow().UtcDateTime);
        }
        catch (RequestRefusedException e)
        {
            return Problems.Of(e);
        }
        if (!transport.Queues.Any(static queue => queue.Topic == Topics.OutcomeReported.Name))
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_training", "no service of this process learns from outcomes");
        UInt128 digest = reported.Digest;
        if ((Known(reported.TradeId) ?? await LearntAsync(reported, cancel)) is { } known) return Again(reported, digest, known);
        if (await Durability.WhyNotAsync(transport, cancel: cancel) is { } why)
            return Durability.NotKept($"the outcome is not taken: it would not be kept: {why}");
        if (Remember(reported.TradeId, digest) is { } meanwhile) return Again(reported, digest, meanwhile);
        try
        {
            await transport.PublishAsync(Topics.OutcomeReported, reported, cancel);
        }
        catch
        {
            lock (_remembering) _known.Remove(reported.TradeId);
            throw;
        }
        return Answer(reported, "accepted");
    }

    private static IResult Again(OutcomeReported reported, UInt128 digest, UInt128 known) => known == digest
        ? Answer(reported, "already_known")
        : Problems.Of(StatusCodes.Status409Conflict, "trade_known", $"trade_id '{reported.TradeId}' was reported before with another body; the first one stays");

    /// <summary>What Training has learnt of the trade, in this run or an earlier one.</summary>
    private async Task<UInt128?> LearntAsync(OutcomeReported reported, CancellationToken cancel)
    {
        try
        {
            return (await transport.AskAsync(Queries.Reported, new ReportedQuestion(reported.Id), cancel)).Digest;
        }
        catch (UnansweredQueryException)
        {
            return null;
        }
    }

    private UInt128? Known(string trade)
    {
        lock (_remembering) return _known.TryGetValue(trade, out UInt128 before) ? before : null;
    }

    private static IResult Answer(OutcomeReported reported, string status) => Results.Json(new TradeOutcomeAnswer(reported.TradeId, status));

    /// <summary>What was known of the trade; null when it is remembered now.</summary>
    private UInt128? Remember(string trade, UInt128 digest)
    {
        lock (_remembering)
        {
            if (_known.TryGetValue(trade, out UInt128 before)) return before;
            if (_order.Count == MostRemembered) _known.Remove(_order.Dequeue());
            _order.Enqueue(trade);
            _known.Add(trade, digest);
            return null;
        }
    }
}
