using System.Text.Json.Serialization;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production.Account;

/// <summary>The account as <c>GET /api/account</c> shows it.</summary>
public sealed record AccountView
{
    /// <summary>False until the ledger has said what it knows.</summary>
    public required bool Restored { get; init; }

    /// <summary>True while nothing stops new orders.</summary>
    public required bool Healthy { get; init; }

    /// <summary>The market's clock as the account knows it, UTC; null before the first event.</summary>
    public required DateTime? At { get; init; }

    /// <summary>Net profit of the UTC day, USD.</summary>
    [JsonPropertyName("net_today")]
    public required decimal NetToday { get; init; }

    /// <summary>Trades filled since the first record.</summary>
    public required long Filled { get; init; }

    /// <summary>Notional of what is open, USD.</summary>
    public required decimal Exposure { get; init; }

    /// <summary>Orders and positions that are open.</summary>
    [JsonPropertyName("open_orders")]
    public required int OpenOrders { get; init; }

    /// <summary>Every breaker and limit.</summary>
    public required IReadOnlyList<BreakerView> Breakers { get; init; }

    /// <summary>What the ledger's facts are judged to be: those of the last start where no auditor answers.</summary>
    public required GraduationVerdict Graduation { get; init; }
}

/// <summary>One breaker or limit as readers see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Limit">Its limit; null when it is switched off or has none.</param>
/// <param name="Rule">What it does, in words.</param>
public sealed record BreakerView(string Name, double? Limit, string Rule)
{
    /// <summary>What it measures now, or measured when it tripped; null when there is nothing to show.</summary>
    public double? Measured { get; init; }

    /// <summary>Since when it is tripped; null when it is not.</summary>
    public DateTime? Since { get; init; }

    /// <summary>When its own rule resets it; null when it is not tripped or waits for a person.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Its last change, in words; null when there was none.</summary>
    public string? Why { get; init; }
}

/// <summary>What there is to break.</summary>
internal static class Breakers
{
    /// <summary>Those that trip and are reset by time.</summary>
    public static IReadOnlyList<string> Timed { get; } =
        [Breaker.DailyLoss, Breaker.ConsecutiveLosses, Breaker.Volatility, Breaker.GasPrice, Breaker.Staleness];

    /// <summary>Every breaker with its limit.</summary>
    public static IReadOnlyList<BreakerView> Of(GuardSettings guard) =>
    [
        new(Breaker.KillSwitch, null, "stops new orders until it is released with a reason"),
        new(Breaker.DailyLoss, Limit(-(double)guard.DailyLoss), "USD net of the UTC day; stops new orders until the next one"),
        new(Breaker.ConsecutiveLosses, Limit(guard.ConsecutiveLosses), $"trades lost in a row; stops new orders for {guard.CoolOff}"),
        new(Breaker.Staleness, Limit(guard.MaxQuoteAge.TotalSeconds), "s of quote age; refuses the opportunity"),
        new(Breaker.Volatility, Limit(guard.VolatilityRatio), "times the usual volatility; refuses the opportunity"),
        new(Breaker.GasPrice, Limit((double)guard.MaxGasCost), "USD of gas for one trade; refuses the opportunity"),
        new(Breaker.Exposure, Limit((double)guard.MaxExposure), "USD open; refuses the opportunity"),
        new(Breaker.OrderRate, Limit(guard.OrdersPerSecond), "orders within a second; refuses the opportunity"),
    ];

    private static double? Limit(double limit) => limit == 0 ? null : limit;
}
