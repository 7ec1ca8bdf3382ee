using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor.Answers;

/// <summary>The gates on trial as the API tells of them.</summary>
/// <remarks>An interval takes four million random draws, so each is made again only after 1 % more blocks.</remarks>
internal sealed class CourtView
{
    private const double More = 1.01;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Judged, (double Mean, double Low, double High)? Net)> _intervals = new(StringComparer.Ordinal);

    /// <summary>The view of copies of the gates' records.</summary>
    public GateCourtView Of(IReadOnlyList<GateRecord> gates, GatePolicy? policy, long refused) =>
        new() { Gates = [.. gates.Select(g => Row(g, policy))], TotalBlocked = refused };

    private GateRow Row(GateRecord gate, GatePolicy? policy)
    {
        (double Mean, double Low, double High)? net = NetOf(gate);
        LimitGain? best = gate.BestLimit;
        (string verdict, string inWords) = gate.Judge(net);
        return new GateRow
        {
            Name = gate.Definition.Name,
            Binds = [.. Enum.GetValues<OpportunityKind>().Where(gate.Definition.Binds).Select(Words.Kind)],
            Measures = gate.Definition.Measures,
            Setting = GateScales.SettingOf(gate.Definition.Name),
            Limit = Words.Known(gate.Curve.Limit),
            LimitText = Words.ListOf(gate.Definition, policy),
            Comparison = Words.Sign(gate.Definition.Comparison),
            Unit = gate.Scale == GateScale.ShareOfProfit ? "share of profit" : Words.Unit(gate.Definition),
            Pass = gate.Pass,
            Fail = gate.Fail,
            Unknown = gate.Unknown,
            PassRate = gate.PassRate,
            Verdict = verdict,
            VerdictText = inWords,
            GoodBlocks = gate.Blocked.Good,
            BadBlocks = gate.Blocked.Bad,
            Accuracy = gate.Accuracy,
            Saved = Words.Money(gate.Blocked.Saved),
            Missed = Words.Money(gate.Blocked.Missed),
            WouldHaveBlocked = new BlockView
            {
                Good = gate.Advised.Good,
                Bad = gate.Advised.Bad,
                Saved = Words.Money(gate.Advised.Saved),
                Missed = Words.Money(gate.Advised.Missed),
            },
            BlockedNet = net is { } n ? new IntervalView { Mean = n.Mean, Low = n.Low, High = n.High, N = gate.Judged } : null,
            Currency = Currency.Base,
            Curve = [.. gate.Curve.Points().Select(Point)],
            Recommendation = best is { } b ? new GateAdvice { Limit = b.Limit, Text = Advice(gate, b), Gain = Words.Money(b.Gain) } : null,
            RecommendationText = best is { } advised ? Advice(gate, advised) : NoAdvice(gate),
        };
    }

    private (double Mean, double Low, double High)? NetOf(GateRecord gate)
    {
        lock (_lock)
        {
            bool near = _intervals.TryGetValue(gate.Definition.Name, out var known) && gate.Judged >= known.Judged && gate.Judged < known.Judged * More;
            if (near && known.Net is not null) return known.Net;
        }
        (double Mean, double Low, double High)? net = gate.BlockedNet;
        lock (_lock) _intervals[gate.Definition.Name] = (gate.Judged, net);
        return net;
    }

    private static CurvePoint Point(LimitOutcome outcome) => new()
    {
        Threshold = outcome.Threshold,
        Blocked = outcome.Blocked,
        Saved = Words.Money(outcome.Saved),
        Missed = Words.Money(outcome.Missed),
        Net = Words.Money(outcome.Saved - outcome.Missed),
    };

    private static string Advice(GateRecord gate, LimitGain best) =>
        $"{(best.Tighter ? "tighten" : "loosen")} {GateScales.SettingOf(gate.Definition.Name)} from {ThresholdCurve.Show(gate.Curve.Limit)} "
        + $"to {ThresholdCurve.Show(best.Limit)}: to block the {best.Trades} shadow trades between the two "
        + $"{(best.Tighter ? "would have saved" : "has cost")} {Currency.Base} {ThresholdCurve.Show(best.Gain)} in all";

    private static string NoAdvice(GateRecord gate) =>
        gate.Scale == GateScale.None ? "its limit is a list, not a number"
        : GateScales.SettingOf(gate.Definition.Name) is null ? "its limit is fixed"
        : gate.Curve.Trades < ThresholdCurve.Enough
            ? $"not enough evidence: {gate.Curve.Trades} shadow trades with its measure, at least {ThresholdCurve.Enough} are needed"
        : "no other limit is better beyond doubt: keep it";
}
