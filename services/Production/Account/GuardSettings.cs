using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production.Account;

/// <summary>What the account may do at most. A limit of 0 switches that breaker off, on paper only [RISK-06].</summary>
[SettingsSection("guard")]
public sealed record GuardSettings
{
    /// <summary>Most open notional.</summary>
    [Description("Most notional of open orders and positions together, USD; an order beyond it is refused. 0 switches it off (paper only).")]
    [Range(0, 1_000_000_000)]
    public decimal MaxExposure { get; init; } = 10_000m;

    /// <summary>Daily loss limit [RISK-02].</summary>
    [Description("Net loss within one UTC day, USD, at which trading stops until the next UTC day. 0 switches it off (paper only).")]
    [Range(0, 1_000_000_000)]
    public decimal DailyLoss { get; init; } = 50m;

    /// <summary>Consecutive-loss protection [RISK-03].</summary>
    [Description("Trades lost in a row at which trading stops for coolOff. 0 switches it off (paper only).")]
    [Range(0, AccountFold.MostLosses)]
    public int ConsecutiveLosses { get; init; } = 10;

    /// <summary>How long consecutive losses stop trading.</summary>
    [Description("How long trading stops after consecutiveLosses, on the market's clock; then the count starts anew.")]
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan CoolOff { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Volatility breaker [RISK-04].</summary>
    [Description("Volatility of the bought side over its usual level above which an opportunity is refused. 0 switches it off (paper only).")]
    [Range(0.0, 20.0)]
    public double VolatilityRatio { get; init; } = 5;

    /// <summary>Gas price cap [RISK-05].</summary>
    [Description("Most that the gas of one trade may cost, USD; exchanges burn none. 0 switches it off (paper only).")]
    [Range(0, 1_000_000)]
    public decimal MaxGasCost { get; init; } = 10m;

    /// <summary>Staleness.</summary>
    [Description("Oldest quote that an order may be based on when it is sent. 0s switches it off (paper only).")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxQuoteAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Order rate.</summary>
    [Description("Most orders within one second of the market's clock; one beyond them is refused. 0 switches it off (paper only).")]
    [Range(0, 100_000)]
    public int OrdersPerSecond { get; init; } = 100;

    /// <summary>How long a breaker that judges each opportunity shows as tripped.</summary>
    [Description("How long volatility, gas price and staleness show as tripped after a refusal: at most one alert each in that time.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AlertFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The breakers that are switched off: live trading is refused while there is one [RISK-06].</summary>
    public IEnumerable<string> SwitchedOff
    {
        get
        {
            if (MaxExposure <= 0m) yield return Breaker.Exposure;
            if (DailyLoss <= 0m) yield return Breaker.DailyLoss;
            if (ConsecutiveLosses <= 0) yield return Breaker.ConsecutiveLosses;
            if (VolatilityRatio <= 0) yield return Breaker.Volatility;
            if (MaxGasCost <= 0m) yield return Breaker.GasPrice;
            if (MaxQuoteAge <= TimeSpan.Zero) yield return Breaker.Staleness;
            if (OrdersPerSecond <= 0) yield return Breaker.OrderRate;
        }
    }
}
