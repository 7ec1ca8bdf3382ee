namespace QuadTurbo.Trading;

/// <summary>A named stream of messages of one type.</summary>
/// <typeparam name="TMessage">The message; immutable once published.</typeparam>
/// <param name="Name">Name on the wire.</param>
public sealed record Topic<TMessage>(string Name)
    where TMessage : class;
