namespace QuadTurbo.Trading.Outcomes;

/// <summary>A change of the account's state: the message <c>account.changed</c>.</summary>
public sealed record AccountChanged
{
    /// <summary>What happened: <c>tripped</c>, <c>reset</c>, <c>killed</c>, <c>resumed</c>, <c>graduated</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The breaker or stage: <c>daily_loss</c>, <c>consecutive_losses</c>, <c>volatility</c>, <c>gas_price</c>, <c>staleness</c>, <c>kill_switch</c>, <c>stage</c>.</summary>
    public required string What { get; init; }

    /// <summary>Measured value, in the breaker's unit; NaN where there is none.</summary>
    public double Measured { get; init; } = double.NaN;

    /// <summary>Its limit, in the same unit; NaN where there is none.</summary>
    public double Limit { get; init; } = double.NaN;

    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }

    /// <summary>When, on the platform's clock, UTC.</summary>
    public required DateTime At { get; init; }
}
