using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.GateCourt;

/// <summary>One gate on trial: how often it passed and failed, and what became of what it failed [GATE-10..12, LANE-23].</summary>
/// <remarks>
/// A failure is a good block when the shadow trade lost (an avoided loser) and a bad block when it won (a missed winner); a missed shadow trade says
/// nothing. Each gate is judged alone, whatever the other gates said, and whether it binds or only advises.
/// </remarks>
public sealed class GateRecord(GateDefinition definition)
{
    /// <summary>Blocked outcomes kept for the interval: a uniform sample beyond that (Vitter 1985, algorithm R).</summary>
    public const int MostKept = 4096;

    private const int Draws = 1000;
    private readonly List<double> _nets = [];
    private Interval _interval;
    private long _intervalAt;
    private long _offered;
    private SeededRandom _random = SeededRandom.Stream(0, definition.Name);

    /// <summary>The gate.</summary>
    public GateDefinition Definition { get; } = definition;

    /// <summary>In what its limit is set.</summary>
    public GateScale Scale { get; } = GateScales.Of(definition);

    /// <summary>What other limits would have blocked.</summary>
    public ThresholdCurve Curve { get; private init; } = new(definition.Comparison);

    /// <summary>Opportunities within the limit.</summary>
    public long Pass { get; private set; }

    /// <summary>Opportunities outside the limit.</summary>
    public long Fail { get; private set; }

    /// <summary>Opportunities whose measure was not there.</summary>
    public long Unknown { get; private set; }

    /// <summary>Avoided losers.</summary>
    public long GoodBlocks { get; private set; }

    /// <summary>Missed winners.</summary>
    public long BadBlocks { get; private set; }

    /// <summary>What the avoided losers would have lost, positive, base currency.</summary>
    public decimal Saved { get; private set; }

    /// <summary>What the missed winners would have made, base currency.</summary>
    public decimal Missed { get; private set; }

    /// <summary>Failures whose shadow trade was filled.</summary>
    public long Judged => GoodBlocks + BadBlocks;

    /// <summary>Share of good blocks; null before a block was judged.</summary>
    public double? Accuracy => Judged == 0 ? null : (double)GoodBlocks / Judged;

    /// <summary>pass / (pass + fail); null before the gate knew anything.</summary>
    public double? PassRate => Pass + Fail == 0 ? null : (double)Pass / (Pass + Fail);

    /// <summary>Net of a blocked trade, mean with a 95 % bootstrap interval, base currency; null with fewer than 20 judged blocks.</summary>
    public (double Mean, double Low, double High)? BlockedNet
    {
        get
        {
            if (_nets.Count < 20) return null;
            if (_intervalAt != Judged) (_interval, _intervalAt) = (Bootstrap.MeanInterval(_nets.ToArray(), 0.95, Draws, seed: 1), Judged);
            return (_interval.Estimate, _interval.Low, _interval.High);
        }
    }

    /// <summary>Too strict when what it blocks makes money, with the whole interval above 0; right when it loses; undecided between [GATE-10, GATE-12].</summary>
    /// <remarks>Too loose where what passes next to its limit loses money beyond doubt.</remarks>
    public string Verdict => Judge(BlockedNet).Text;

    /// <summary>The limit that would have done best beyond doubt; null where there is none or the limit is fixed.</summary>
    public LimitGain? BestLimit => GateScales.SettingOf(Definition.Name) is null ? null : Curve.Best();

    /// <summary>The verdict given the net of a blocked trade, as a code and in words.</summary>
    public (string Code, string Text) Judge((double Mean, double Low, double High)? net) => net switch
    {
        { Low: > 0 } => ("too_strict", "too strict: what it blocks makes money; loosen it"),
        _ when BestLimit is { Tighter: true } => ("too_loose", "too loose: what it lets pass next to its limit loses money; tighten it"),
        null => ("not_enough_evidence", Judged == 0 ? "no blocked trade was filled" : $"undecided: {Judged} judged blocks, at least 20 are needed"),
        { High: < 0 } => ("earns_its_keep", "right: what it blocks loses money"),
        _ => ("undecided", "undecided: the interval contains 0"),
    };

    /// <summary>Counts an answer.</summary>
    public void Count(GateState state)
    {
        switch (state)
        {
            case GateState.Pass: Pass++; break;
            case GateState.Fail: Fail++; break;
            default: Unknown++; break;
        }
    }

    /// <summary>Tries one failure against its shadow trade.</summary>
    public void Try(Trade trade) => Try(trade.Won, trade.Net);

    /// <summary>Tries one failure against a shadow trade that won or lost <paramref name="net"/>; null for a currency whose rate is unknown, which counts and is not summed.</summary>
    public void Try(bool won, decimal? net)
    {
        if (won) BadBlocks++;
        else GoodBlocks++;
        if (net is not { } money) return;
        if (won) Missed += money;
        else Saved -= money;
        Keep((double)money);
    }

    /// <summary>The same, for a reader who takes longer over it than the path may wait.</summary>
    public GateRecord Copy()
    {
        var copy = new GateRecord(Definition)
        {
            Curve = Curve.Copy(),
            Pass = Pass,
            Fail = Fail,
            Unknown = Unknown,
            GoodBlocks = GoodBlocks,
            BadBlocks = BadBlocks,
            Saved = Saved,
            Missed = Missed,
        };
        copy._nets.AddRange(_nets);
        (copy._interval, copy._intervalAt, copy._offered) = (_interval, _intervalAt, _offered);
        return copy;
    }

    private void Keep(double net)
    {
        _offered++;
        if (_nets.Count < MostKept)
        {
            _nets.Add(net);
            return;
        }
        long slot = (long)(_random.NextDouble() * _offered);
        if (slot < MostKept) _nets[(int)slot] = net;
    }
}
