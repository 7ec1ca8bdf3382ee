using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest;

/// <summary><c>POST /api/trade_outcome</c> (REG-07): what became of a trade of another program is told to Training, once.</summary>
/// <remarks>The last <see cref="MostRemembered"/> trades are remembered: the same body again changes nothing, another one for the same trade is refused.</remarks>
internal sealed class TradeOutcomes(EmbeddedTransport transport, TimeProvider clock)
{
    /// <summary>Trades that are remembered; the oldest gives way.</summary>
    public const int MostRemembered = 100_000;

    private readonly Lock _remembering = new();
    private readonly Dictionary<string, UInt128> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>200 when it is told or was known, 400 when a field is not in order, 409 when the trade is known with another outcome, 503 when nobody learns.</summary>
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
        UInt128 digest = TradeOutcomeReader.DigestOf(reported);
        UInt128? before = Remember(reported.TradeId, digest);
        if (before is { } known)
        {
            return known == digest
                ? Answer(reported, "already_known")
                : Problems.Of(StatusCodes.Status409Conflict, "trade_known", $"trade_id '{reported.TradeId}' was reported before with another body; the first one stays");
        }
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
