namespace QuadTurbo.Trading.Predictions;

/// <summary>The chain of a route, as a request for a prediction names it [SERV-13]; any case is read.</summary>
public enum Chain
{
    /// <summary><c>POLYGON</c>.</summary>
    Polygon,

    /// <summary><c>ETHEREUM</c>.</summary>
    Ethereum,

    /// <summary><c>ARBITRUM</c>.</summary>
    Arbitrum,

    /// <summary><c>OPTIMISM</c>.</summary>
    Optimism,

    /// <summary><c>BASE</c>.</summary>
    Base,
}
