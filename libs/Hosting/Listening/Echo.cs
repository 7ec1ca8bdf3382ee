namespace QuadTurbo.Hosting.Listening;

/// <summary>A caller's own words, as a refusal says them back: short, and in one line.</summary>
public static class Echo
{
    /// <summary>Most characters that are said back.</summary>
    public const int Most = 64;

    /// <summary>The beginning of <paramref name="text"/>, with how long it was where that is not all; control characters are '?'.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Half a character is none.
        int shown = text.Length <= Most ? text.Length : char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most;
        string plain = string.Concat(text.Take(shown).Select(static c => char.IsControl(c) ? '?' : c));
        return shown == text.Length ? plain : $"{plain}... ({text.Length} characters)";
    }
}
