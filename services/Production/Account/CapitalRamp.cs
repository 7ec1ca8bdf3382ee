namespace QuadTurbo.Production.Account;

/// <summary>How much of the full order size live trading may use: small first, more with every step that the twins bear out [LCFG-07].</summary>
/// <remarks>
/// 10 %, 25 %, 50 %, 100 %. A step is taken after a run of twins whose average |production net − shadow net| is within the limit; a run beyond it goes one step
/// back. Paper is always at full size.
/// </remarks>
/// <param name="twinsPerStep">Twins in one run; at least 1.</param>
/// <param name="maxAverageGap">Largest average |gap| of a run, USD per trade.</param>
public sealed class CapitalRamp(int twinsPerStep, decimal maxAverageGap)
{
    private static readonly decimal[] Steps = [0.10m, 0.25m, 0.50m, 1m];
    private readonly int _twinsPerStep = twinsPerStep > 0
        ? twinsPerStep
        : throw new ArgumentOutOfRangeException(nameof(twinsPerStep), twinsPerStep, "a step needs a twin");
    private int _step;
    private int _twins;
    private decimal _gaps;

    /// <summary>Share of the full size that a live order may have now.</summary>
    public decimal Share => Steps[_step];

    /// <summary>Takes in the gap of one live twin, USD.</summary>
    public void Observe(decimal gap)
    {
        _gaps += Math.Abs(gap);
        if (++_twins < _twinsPerStep) return;
        _step = _gaps / _twins <= maxAverageGap ? Math.Min(_step + 1, Steps.Length - 1) : Math.Max(_step - 1, 0);
        (_twins, _gaps) = (0, 0m);
    }

    /// <summary>Share of the full size of an order: <see cref="Share"/> when live, all of it on paper.</summary>
    public decimal ShareOf(bool live) => live ? Share : 1m;
}
