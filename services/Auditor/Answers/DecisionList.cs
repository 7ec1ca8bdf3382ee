using System.Globalization;
using System.Text;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor.Answers;

/// <summary>Pages of the table <c>decisions</c>, newest first: by key, never by offset, so that a page stays what it is while rows arrive.</summary>
internal static class DecisionList
{
    private const string Fields =
        "sequence, id, at, symbol, kind, mode, side, buy_venue AS buyVenue, sell_venue AS sellVenue, gross_bps AS grossBps, net_bps AS netBps, "
        + "score, passed, reasons, model, production, production_net AS productionNet, production_bps AS productionBps, "
        + "production_missed AS productionMissed, production_detail AS productionDetail, "
        + "shadow, shadow_net AS shadowNet, shadow_bps AS shadowBps, shadow_missed AS shadowMissed, shadow_detail AS shadowDetail, gap";

    /// <summary>The decisions that fit <paramref name="asked"/>, and where the next page begins.</summary>
    public static (IReadOnlyList<OpportunityRow> Items, long? Next) Of(DecisionReader reader, OpportunitiesQuestion asked)
    {
        var where = new StringBuilder("1");
        if (asked.Page.Before is not null) where.Append(" AND sequence < @Before");
        if (asked.Symbol is not null) where.Append(" AND symbol = @Symbol");
        if (asked.Kind is not null) where.Append(" AND kind = @kind");
        if (asked.Passed is { } passed) where.Append(passed ? " AND passed = 1" : " AND passed = 0");
        if (asked.Gate is not null) where.Append(" AND refused_by & IFNULL((SELECT 1 << bit FROM gates WHERE name = @Gate), 0)");
        if (asked.Lane is not null) where.Append(asked.Lane == "production" ? " AND production IS NOT NULL" : " AND shadow IS NOT NULL");
        if (asked.Result is not null)
        {
            where.Append(asked.Lane switch
            {
                "production" => " AND production = @result",
                null => " AND (production = @result OR shadow = @result)",
                _ => " AND shadow = @result",
            });
        }
        if (asked.Model is not null) where.Append(" AND model = @Model");
        if (asked.MinNetBps is not null) where.Append(" AND net_bps >= @MinNetBps");
        return Page(reader, where.ToString(), asked.Page.Limit, Row, new
        {
            asked.Page.Before,
            asked.Symbol,
            kind = asked.Kind is { } kind ? (int)Words.KindOf(kind) : 0,
            asked.Gate,
            result = asked.Result is { } result ? (int)Enum.Parse<LaneCode>(result, ignoreCase: true) : 0,
            asked.Model,
            asked.MinNetBps,
            take = asked.Page.Limit + 1,
        });
    }

    /// <summary>The twins, and where the next page begins.</summary>
    public static (IReadOnlyList<TwinRow> Items, long? Next) Twins(DecisionReader reader, PageQuestion asked) => Page(
        reader, asked.Before is null ? "gap IS NOT NULL" : "gap IS NOT NULL AND sequence < @Before", asked.Limit, Twin,
        new { asked.Before, take = asked.Limit + 1 });

    private static (IReadOnlyList<T> Items, long? Next) Page<T>(DecisionReader reader, string where, int limit, Func<DecisionLine, T> map, object parameters)
    {
        IReadOnlyList<DecisionLine> lines = reader.Query<DecisionLine>(
            $"SELECT {Fields} FROM decisions WHERE {where} ORDER BY sequence DESC LIMIT @take", parameters);
        return ([.. lines.Take(limit).Select(map)], lines.Count > limit ? lines[limit - 1].Sequence : null);
    }

    private static OpportunityRow Row(DecisionLine line) => new()
    {
        Id = Id(line.Id),
        At = At(line.At),
        Symbol = line.Symbol,
        Kind = Words.Kind((OpportunityKind)line.Kind),
        Venues = Words.Venues((OpportunityKind)line.Kind, line.BuyVenue, line.SellVenue),
        Mode = Words.Mode((TradeMode)line.Mode),
        Side = Words.Side((TradeSide)line.Side),
        GrossBps = line.GrossBps,
        NetBps = line.NetBps,
        Score = line.Score,
        Passed = line.Passed != 0,
        Reasons = line.Reasons.Length == 0 ? [] : line.Reasons.Split('\n'),
        Model = line.Model,
        Production = Lane(line.Symbol, line.Production, line.ProductionNet, line.ProductionBps, line.ProductionMissed, line.ProductionDetail),
        Shadow = Lane(line.Symbol, line.Shadow, line.ShadowNet, line.ShadowBps, line.ShadowMissed, line.ShadowDetail),
    };

    private static TwinRow Twin(DecisionLine line)
    {
        decimal[] parts = [.. line.Gap!.Split(' ').Select(p => decimal.Parse(p, CultureInfo.InvariantCulture))];
        var gap = new GapCauses(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
        return new TwinRow
        {
            Id = Id(line.Id),
            At = At(line.At),
            Symbol = line.Symbol,
            Production = Lane(line.Symbol, line.Production, line.ProductionNet, line.ProductionBps, line.ProductionMissed, line.ProductionDetail)!,
            Shadow = Lane(line.Symbol, line.Shadow, line.ShadowNet, line.ShadowBps, line.ShadowMissed, line.ShadowDetail)!,
            Gap = Words.Money(gap.Total),
            Causes = Words.Causes(gap.ByName),
            Unexplained = Words.Money(gap.Unexplained),
            Currency = Currency.Of(line.Symbol),
        };
    }

    private static LaneResult? Lane(string symbol, long? code, string? net, double? bps, string? missed, string? detail) => (LaneCode?)code switch
    {
        null => null,
        LaneCode.Open => new LaneResult { State = "open" },
        LaneCode.Missed => new LaneResult { State = "missed", Missed = missed, Detail = detail },
        { } result => new LaneResult
        {
            State = "filled",
            Result = result.ToString().ToLowerInvariant(),
            Net = net is null ? null : Words.Money(decimal.Parse(net, CultureInfo.InvariantCulture)),
            NetBps = bps,
            Currency = Currency.Of(symbol),
        },
    };

    private static string Id(byte[] id) => Convert.ToHexStringLower(id);

    private static string At(long micros) => Words.Instant(DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond));
}

/// <summary>One row of the table, as far as lists show it.</summary>
internal sealed record DecisionLine
{
    public long Sequence { get; init; }

    public byte[] Id { get; init; } = [];

    public long At { get; init; }

    public string Symbol { get; init; } = "";

    public long Kind { get; init; }

    public long Mode { get; init; }

    public long Side { get; init; }

    public string BuyVenue { get; init; } = "";

    public string SellVenue { get; init; } = "";

    public double? GrossBps { get; init; }

    public double? NetBps { get; init; }

    public double? Score { get; init; }

    public long Passed { get; init; }

    public string Reasons { get; init; } = "";

    public string Model { get; init; } = "";

    public long? Production { get; init; }

    public string? ProductionNet { get; init; }

    public double? ProductionBps { get; init; }

    public string? ProductionMissed { get; init; }

    public string? ProductionDetail { get; init; }

    public long? Shadow { get; init; }

    public string? ShadowNet { get; init; }

    public double? ShadowBps { get; init; }

    public string? ShadowMissed { get; init; }

    public string? ShadowDetail { get; init; }

    public string? Gap { get; init; }
}
