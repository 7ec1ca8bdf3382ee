namespace QuadTurbo.Trading.Predictions;

/// <summary>What the tokens of a route tell of its amounts.</summary>
[Flags]
public enum RouteShape : byte
{
    /// <summary>It begins and ends in different currencies: the amounts cannot be compared.</summary>
    Open = 0,

    /// <summary>It ends in the currency that it began in: the amounts can be compared.</summary>
    Closed = 1,

    /// <summary>It begins in dollars: the input amount and the profit in USD can be compared.</summary>
    FromDollars = 2,
}
