namespace QuadTurbo.Trading.Markets;

/// <summary>The state of a market, by the rule of <c>Features.RegimeRule</c>.</summary>
public enum Regime
{
    /// <summary>Too little history to say.</summary>
    Unknown,

    /// <summary>Prices move without direction.</summary>
    Range,

    /// <summary>Prices move in one direction: efficiency ratio above 0.3.</summary>
    Trend,

    /// <summary>Volatility above 2.5 times its usual level.</summary>
    Panic,
}
