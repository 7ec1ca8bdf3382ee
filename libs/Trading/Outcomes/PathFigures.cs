using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Outcomes;

/// <summary>Asks the auditor what the path has come to, in time.</summary>
public readonly record struct FiguresQuestion;

/// <summary>What the path has come to [DASH-10..13], from the ledger on. Money is in the base currency; trades in others are counted and left out of sums.</summary>
public sealed record PathFigures
{
    /// <summary>Opportunities judged.</summary>
    public required long Judged { get; init; }

    /// <summary>Outcomes of all lanes.</summary>
    public required long Outcomes { get; init; }

    /// <summary>Mean gross edge of what was detected, bps; null of none.</summary>
    public double? GrossEdgeBps { get; init; }

    /// <summary>Mean net edge, bps; null of none.</summary>
    public double? NetEdgeBps { get; init; }

    /// <summary>Mean confidence of detection where it is known, 0 to 1; null of none.</summary>
    public double? Confidence { get; init; }

    /// <summary>Judged opportunities by mode: <c>arb</c>, <c>scalp</c>, <c>runner</c>.</summary>
    public required IReadOnlyList<ModeCount> ByMode { get; init; }

    /// <summary>Hours with anything in them, the newest first; at most 336.</summary>
    public required IReadOnlyList<PeriodFigures> Hours { get; init; }

    /// <summary>Days with anything in them, the newest first; at most 400.</summary>
    public required IReadOnlyList<PeriodFigures> Days { get; init; }

    /// <summary>Production, by mode.</summary>
    public required IReadOnlyList<StrategyFigures> Production { get; init; }

    /// <summary>The shadow trades of what passed, by mode.</summary>
    public required IReadOnlyList<StrategyFigures> Shadow { get; init; }

    /// <summary>Production, by path; at most 200, further ones together as <c>other</c>.</summary>
    public required IReadOnlyList<RouteFigures> Routes { get; init; }

    /// <summary>What production's fills cost against the quotes of the decision, bps, positive is worse.</summary>
    public required SlippageFigures Slippage { get; init; }

    /// <summary>Net profit of production, base currency.</summary>
    public required decimal Net { get; init; }

    /// <summary>Net profit of production in each currency.</summary>
    public required IReadOnlyList<CurrencyAmount> NetByCurrency { get; init; }

    /// <summary>Largest fall of production's cumulative net profit from a high before it, base currency; 0 or more.</summary>
    public required decimal MaxDrawdown { get; init; }

    /// <summary>Mean over standard deviation of the net bps of production's trades, not annualised; null of fewer than two.</summary>
    public double? SharpePerTrade { get; init; }
}

/// <summary>Opportunities of one mode.</summary>
/// <param name="Mode"><c>arb</c>, <c>scalp</c> or <c>runner</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Share">Of all, 0 to 1.</param>
public sealed record ModeCount(string Mode, long Count, double Share);

/// <summary>One hour or day.</summary>
/// <param name="At">Its beginning, UTC, on the market's clock.</param>
/// <param name="Detected">Opportunities judged in it.</param>
/// <param name="Trades">Production trades that ended in it.</param>
/// <param name="Net">Their net profit, base currency.</param>
/// <param name="ShadowNet">Net profit of the shadow trades of what passed, base currency.</param>
public sealed record PeriodFigures(DateTime At, long Detected, long Trades, decimal Net, [property: JsonPropertyName("shadow_net")] decimal ShadowNet);

/// <summary>Trades of one mode.</summary>
/// <param name="Mode"><c>arb</c>, <c>scalp</c> or <c>runner</c>.</param>
/// <param name="Processed">Outcomes, missed ones included.</param>
/// <param name="Trades">Filled ones.</param>
/// <param name="Wins">Those that made money after fees.</param>
/// <param name="WinRate">Wins over trades, so that what was missed is neither won nor lost; null of none.</param>
/// <param name="Net">Net profit, base currency.</param>
public sealed record StrategyFigures(
    string Mode, long Processed, long Trades, long Wins, [property: JsonPropertyName("win_rate")] double? WinRate, decimal Net);

/// <summary>Orders of one path.</summary>
/// <param name="Path"><c>binance &gt; kraken</c>; of a direction, its one venue.</param>
/// <param name="Processed">Outcomes.</param>
/// <param name="Filled">Those that were filled.</param>
/// <param name="Succeeded">Of the filled ones, those that made money after fees.</param>
/// <param name="FillRate">Filled over processed.</param>
/// <param name="WinRate">Succeeded over filled; null of none.</param>
/// <param name="SuccessRate">Succeeded over processed = fill rate x win rate.</param>
public sealed record RouteFigures(
    string Path, long Processed, long Filled, long Succeeded, [property: JsonPropertyName("fill_rate")] double FillRate,
    [property: JsonPropertyName("win_rate")] double? WinRate, [property: JsonPropertyName("success_rate")] double SuccessRate);

/// <summary>Slippage of trades across venues, bps.</summary>
/// <param name="N">Trades.</param>
/// <param name="MeanBps">Mean; null of none.</param>
/// <param name="RmsBps">Root of the mean square: the error of foretelling none; null of none.</param>
public sealed record SlippageFigures(long N, [property: JsonPropertyName("mean_bps")] double? MeanBps, [property: JsonPropertyName("rms_bps")] double? RmsBps);

/// <summary>An amount in its own currency.</summary>
/// <param name="Currency">Its name.</param>
/// <param name="Amount">How much.</param>
public sealed record CurrencyAmount(string Currency, decimal Amount);

/// <summary>Asks the auditor how its writers do.</summary>
public readonly record struct WriterQuestion;

/// <summary>How the ledger and the tables behind it do [LRN-13].</summary>
public sealed record WriterView
{
    /// <summary>Bytes in memory that are not on disk yet.</summary>
    [JsonPropertyName("ledger_pending_bytes")]
    public required long LedgerPendingBytes { get; init; }

    /// <summary>Committed records that the SQL tables do not hold yet.</summary>
    [JsonPropertyName("projection_lag_records")]
    public required long ProjectionLagRecords { get; init; }

    /// <summary>Writers that are not healthy now.</summary>
    public required int Errors { get; init; }

    /// <summary>What is known of the data's integrity, in words.</summary>
    [JsonIgnore]
    public string Integrity { get; init; } = "";
}
