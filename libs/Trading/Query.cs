namespace QuadTurbo.Trading;

/// <summary>A named question of one type with an answer of one type, which exactly one service owns.</summary>
/// <typeparam name="TQuestion">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
/// <param name="Name">Name on the wire.</param>
public sealed record Query<TQuestion, TAnswer>(string Name);
