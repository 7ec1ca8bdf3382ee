using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.GateCourt;

/// <summary>One gate on trial: how often it passed and failed, and what became of what it failed [GATE-10..12, LANE-23].</summary>
/// <remarks>
/// A failure is a good block when the shadow trade lost (an avoided loser) and a bad block when it won (a missed winner); a missed shadow trade says
/// nothing. Each gate is judged alone, whatever the other gates said. What it refused is told apart from what it only advised against: both are evidence of
/// where its limit should lie, only the former is to its credit.
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

    /// <summary>Failures that were refused.</summary>
    public BlockTally Blocked { get; private set; }

    /// <summary>Failures that were let pass as far as this gate goes: where it only advises, or pre-validation is off.</summary>
    public BlockTally Advised { get; private set; }

    /// <summary>Failures whose shadow trade was filled.</summary>
    public long Judged => Blocked.Judged + Advised.Judged;

    /// <summary>Share of those that lost; null before one was judged.</summary>
    public double? Accuracy => Judged == 0 ? null : (double)(Blocked.Good + Advised.Good) / Judged;

    /// <summary>pass / (pass + fail); null before the gate knew anything.</summary>
    public double? PassRate => Pass + Fail == 0 ? null : (double)Pass / (Pass + Fail);

    /// <summary>Net of a trade that it failed, mean with a 95 % bootstrap interval, base currency; null with fewer than 20 judged blocks.</summary>
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

    /// <summary>The verdict given the net of a trade that it failed, as a code and in words.</summary>
    public (string Code, string Text) Judge((double Mean, double Low, double High)? net)
    {
        (string code, string text) = net switch
        {
            { Low: > 0 } => ("too_strict", "too strict: what it blocks makes money; loosen it"),
            _ when BestLimit is { Tighter: true } => ("too_loose", "too loose: what it lets pass next to its limit loses money; tighten it"),
            null => ("not_enough_evidence", Judged == 0 ? "no blocked trade was filled" : $"undecided: {Judged} judged blocks, at least 20 are needed"),
            { High: < 0 } => ("earns_its_keep", "right: what it blocks loses money"),
            _ => ("undecided", "undecided: the interval contains 0"),
        };
        return (code, Advised.Judged > 0 && Blocked.Judged == 0 ? $"advises only, would have blocked {Advised.Good} losers and {Advised.Bad} winners: {text}" : text);
    }

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

    /// <summary>Tries one failure against a shadow trade that won or lost <paramref name="net"/>; null for a currency whose rate is unknown, which counts and is not summed.</summary>
    /// <param name="refused">It refused the opportunity; otherwise it only advised against it.</param>
    public void Try(bool refused, bool won, decimal? net)
    {
        if (refused) Blocked = Blocked.With(won, net);
        else Advised = Advised.With(won, net);
        if (net is { } money) Keep((double)money);
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
            Blocked = Blocked,
            Advised = Advised,
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

/// <summary>What became of failures of one gate.</summary>
/// <param name="Good">Avoided losers.</param>
/// <param name="Bad">Missed winners.</param>
/// <param name="Saved">What the losers would have lost, positive, base currency.</param>
/// <param name="Missed">What the winners would have made, base currency.</param>
public readonly record struct BlockTally(long Good, long Bad, decimal Saved, decimal Missed)
{
    /// <summary>Failures whose shadow trade was filled.</summary>
    public long Judged => Good + Bad;

    /// <summary>One more; a null net counts and is not summed.</summary>
    public BlockTally With(bool won, decimal? net) =>
        won ? this with { Bad = Bad + 1, Missed = Missed + (net ?? 0m) } : this with { Good = Good + 1, Saved = Saved - (net ?? 0m) };
}
