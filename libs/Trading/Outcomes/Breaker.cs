namespace QuadTurbo.Trading.Outcomes;

/// <summary>The names under which the account's guard refuses: <see cref="AccountChanged.What"/>, and the first word of a refusal's detail.</summary>
public static class Breaker
{
    /// <summary>An operator stopped all new orders.</summary>
    public const string KillSwitch = "kill_switch";

    /// <summary>The day's net loss.</summary>
    public const string DailyLoss = "daily_loss";

    /// <summary>Trades lost in a row.</summary>
    public const string ConsecutiveLosses = "consecutive_losses";

    /// <summary>Volatility of the bought side against its usual level.</summary>
    public const string Volatility = "volatility";

    /// <summary>What the gas of one trade costs.</summary>
    public const string GasPrice = "gas_price";

    /// <summary>Age of the quotes.</summary>
    public const string Staleness = "staleness";

    /// <summary>Notional of what is open: a limit that refuses and does not trip.</summary>
    public const string Exposure = "exposure";

    /// <summary>Orders within a second: a limit that refuses and does not trip.</summary>
    public const string OrderRate = "order_rate";

    /// <summary>An opportunity without a size: a limit that refuses and does not trip.</summary>
    public const string Size = "size";

    /// <summary>Not a breaker: the stage of graduation.</summary>
    public const string Stage = "stage";
}

/// <summary>The values of <see cref="AccountChanged.Event"/>.</summary>
public static class AccountEvent
{
    /// <summary>A breaker's limit was passed.</summary>
    public const string Tripped = "tripped";

    /// <summary>A breaker's own rule ended the trip, or a stage was lost.</summary>
    public const string Reset = "reset";

    /// <summary>The kill switch was thrown.</summary>
    public const string Killed = "killed";

    /// <summary>The kill switch was released, with a reason.</summary>
    public const string Resumed = "resumed";

    /// <summary>A stage was reached.</summary>
    public const string Graduated = "graduated";
}
