namespace QuadTurbo.Trading;

/// <summary>A named stream of messages of one type.</summary>
/// <typeparam name="TMessage">The message; immutable once published.</typeparam>
/// <param name="Name">Name on the wire.</param>
/// <param name="Size">How much of a queue one message takes: the opportunities, outcomes or quotes in it.</param>
public sealed record Topic<TMessage>(string Name, Func<TMessage, int> Size)
    where TMessage : class
{
    /// <summary>A topic whose every message counts as one.</summary>
    public Topic(string name)
        : this(name, static _ => 1)
    {
    }
}
