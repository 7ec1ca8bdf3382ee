namespace QuadTurbo.Hosting.Transport;

/// <summary>A query was asked that no service of this process answers.</summary>
public sealed class UnansweredQueryException(string query)
    : InvalidOperationException($"no service of this process answers '{query}': the service that owns it is not composed in, or has not started")
{
    /// <summary>Name of the query.</summary>
    public string Query { get; } = query;
}
