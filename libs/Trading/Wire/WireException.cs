#pragma warning disable CA1032 // Thrown with what it needs to say.

namespace QuadTurbo.Trading.Wire;

/// <summary>
/// A message that cannot be written, or a text that is not the message it should be; it names the topic or query, the field and the cause.
/// </summary>
/// <param name="name">The topic or query.</param>
/// <param name="cause">The field, and what is wrong with it.</param>
/// <param name="inner">What found it; null for the format itself.</param>
public sealed class WireException(string name, string cause, Exception? inner = null) : Exception($"{name}: {Clip(cause)}", inner)
{
    private const int MostLetters = 400;

    /// <summary>The topic or query.</summary>
    public string Name { get; } = name;

    // A field's name may be as long as the text that it was read from.
    private static string Clip(string cause) => cause.Length <= MostLetters ? cause : $"{cause.AsSpan(0, MostLetters)}...";
}
