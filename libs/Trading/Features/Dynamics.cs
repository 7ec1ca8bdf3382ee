using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Trading.Features;

/// <summary>What the mid price of one instrument has been doing.</summary>
/// <remarks>
/// One observation per row of a sampled feed, and at most one a second of an event feed. Everything here was known at the last observation.
/// </remarks>
public sealed class Dynamics
{
    /// <summary>Observations that the window holds.</summary>
    public const int Window = 15;

    private const double FastWeight = 1.0 / 15;
    private const double SlowWeight = 1.0 / 240;
    private const double VolumeWeight = 1.0 / 60;
    private const int Mask = Window;
    private readonly double[] _mids = new double[Mask + 1];
    private long _count;
    private DateTime _observedAt;
    private double _fast;
    private double _slow;
    private double _usualVolume = double.NaN;
    private double _efficiency = double.NaN;
    private long _efficiencyAt;

    /// <summary>Standard deviation of one-observation returns, exponentially weighted over about 15, bps; NaN before the second observation.</summary>
    public double VolatilityBps => _count < 2 ? double.NaN : Math.Sqrt(_fast);

    /// <summary>Volatility over its usual level (about 240 observations); NaN before the second observation.</summary>
    public double VolatilityRatio => _count < 2 || _slow <= 0 ? double.NaN : Math.Sqrt(_fast / _slow);

    /// <summary>Volume of the last observation over its usual level; NaN when the feed has no volume.</summary>
    public double VolumeRatio { get; private set; } = double.NaN;

    /// <summary>|sum of returns| / sum of |returns| over the window (Kaufman 1995), 0 to 1; NaN before the window is full.</summary>
    public double EfficiencyRatio
    {
        get
        {
            if (_efficiencyAt != _count) (_efficiency, _efficiencyAt) = (_count <= Window ? double.NaN : Efficiency(), _count);
            return _efficiency;
        }
    }

    /// <summary>The market's state by the rule of learning.md section 9: PANIC at 2.5 times the usual volatility, TREND at an efficiency ratio above 0.3.</summary>
    public Regime Regime =>
        double.IsNaN(EfficiencyRatio) ? Regime.Unknown
        : VolatilityRatio > 2.5 ? Regime.Panic
        : EfficiencyRatio > 0.3 ? Regime.Trend
        : Regime.Range;

    /// <summary>Return over the last <paramref name="observations"/> (at most 15), bps; NaN before there are that many.</summary>
    public double ReturnBps(int observations) =>
        _count <= observations ? double.NaN : (Mid(0) / Mid(observations) - 1) * 1e4;

    /// <summary>Takes in a good quote.</summary>
    /// <returns>True when it made a new observation.</returns>
    public bool Observe(in Quote quote, DateTime knownAt)
    {
        if (_count > 0 && knownAt - _observedAt < TimeSpan.FromSeconds(1)) return false;
        _observedAt = knownAt;
        Push(0.5 * ((double)quote.Bid + (double)quote.Ask));
        ObserveVolume(quote.Volume);
        return true;
    }

    private void Push(double mid)
    {
        _mids[_count++ & Mask] = mid;
        if (_count < 2) return;
        double r = (mid / Mid(1) - 1) * 1e4;
        (_fast, _slow) = _count == 2 ? (r * r, r * r) : (_fast + FastWeight * (r * r - _fast), _slow + SlowWeight * (r * r - _slow));
    }

    private double Efficiency()
    {
        double path = 0, later = Mid(0);
        for (int i = 1; i <= Window; i++)
        {
            double earlier = Mid(i);
            path += Math.Abs(later - earlier);
            later = earlier;
        }
        return path > 0 ? Math.Abs(Mid(0) - Mid(Window)) / path : 0;
    }

    private void ObserveVolume(double? volume)
    {
        if (volume is not { } v)
        {
            VolumeRatio = double.NaN;
            return;
        }
        VolumeRatio = _usualVolume > 0 ? v / _usualVolume : double.NaN;
        _usualVolume = double.IsNaN(_usualVolume) ? v : _usualVolume + VolumeWeight * (v - _usualVolume);
    }

    // The window and one more is a power of two, so the ring needs no division.
    private double Mid(int ago) => _mids[(_count - 1 - ago) & Mask];
}

/// <summary>The dynamics of every instrument. Single writer.</summary>
public sealed class DynamicsTable
{
    private Dynamics?[] _all = new Dynamics?[64];

    /// <summary>The dynamics of <paramref name="instrument"/>.</summary>
    public Dynamics this[Instrument instrument]
    {
        get
        {
            if (instrument.Index >= _all.Length) Array.Resize(ref _all, Math.Max(instrument.Index + 1, _all.Length * 2));
            return _all[instrument.Index] ??= new Dynamics();
        }
    }

    /// <summary>Takes in the quotes of one instant; crossed ones are no observation.</summary>
    public void Apply(ReadOnlySpan<Quote> quotes, DateTime knownAt)
    {
        foreach (ref readonly Quote quote in quotes)
            if (!quote.Crossed) this[quote.Instrument].Observe(quote, knownAt);
    }
}
