namespace QuadTurbo.Learning.Splits;

/// <summary>Which barrier a path met first.</summary>
public enum BarrierExit
{
    /// <summary>The time ran out.</summary>
    Timeout,

    /// <summary>The gain reached its barrier.</summary>
    TakeProfit,

    /// <summary>The loss reached its barrier.</summary>
    StopLoss,
}
