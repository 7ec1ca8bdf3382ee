namespace QuadTurbo.Trading;

/// <summary>A named question of one type with an answer of one type, which exactly one service owns.</summary>
/// <typeparam name="TQuestion">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
/// <param name="Name">Name on the wire: the owner's, a dot, and what is asked.</param>
public sealed record Query<TQuestion, TAnswer>(string Name)
{
    /// <summary>The service that answers.</summary>
    public string Owner => Name.Split('.')[0];

    /// <summary>True when answering it changes something: it is not asked again where the answer was lost.</summary>
    public bool Changes { get; init; }
}
