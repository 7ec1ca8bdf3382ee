namespace QuadTurbo.MarketData.Feeds;

/// <summary>A feed that cannot be used as it is: bad input, exit code 2. The message names the file or field, the value and the limit.</summary>
public sealed class FeedRefusedException : Exception
{
    /// <summary>Without a reason.</summary>
    public FeedRefusedException()
    {
    }

    /// <summary>Refused for <paramref name="message"/>.</summary>
    public FeedRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Refused for <paramref name="message"/>, found through <paramref name="inner"/>.</summary>
    public FeedRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
