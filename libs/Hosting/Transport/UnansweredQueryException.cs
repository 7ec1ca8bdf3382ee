namespace QuadTurbo.Hosting.Transport;

/// <summary>A query was asked that nobody answered.</summary>
public class UnansweredQueryException : InvalidOperationException
{
    /// <summary>No service of this process answers <paramref name="query"/>.</summary>
    public UnansweredQueryException(string query)
        : this(query, $"no service of this process answers '{query}': the service that owns it is not composed in, or has not started")
    {
    }

    /// <summary>Nobody answered <paramref name="query"/>, because of <paramref name="why"/>.</summary>
    public UnansweredQueryException(string query, string why, Exception? cause = null)
        : base(why, cause) => Query = query;

    /// <summary>Name of the query.</summary>
    public string Query { get; }
}

/// <summary>A query that changes something went out and no answer came back: whether it was done is not known.</summary>
public sealed class AnswerLostException(string query, string why) : UnansweredQueryException(query, why);
