namespace QuadTurbo.Learning.Regimes;

/// <summary>What a market is doing.</summary>
public enum Regime
{
    /// <summary>It goes nowhere.</summary>
    Range,

    /// <summary>It drifts.</summary>
    Trend,

    /// <summary>It is wild.</summary>
    Panic,
}
