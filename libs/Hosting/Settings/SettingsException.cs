namespace QuadTurbo.Hosting.Settings;

/// <summary>One thing wrong with the settings.</summary>
/// <param name="Key">The key as its layer spells it: dotted, or the name of an environment variable; empty for a whole file.</param>
/// <param name="Message">What is wrong, the limit or the nearest name, and where, in one line.</param>
/// <param name="File">The file that says it, if one does.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Column">The column in that line, from 1.</param>
public sealed record SettingsError(string Key, string Message, string? File = null, int? Line = null, int? Column = null);

/// <summary>The settings cannot be used; every reason is listed at once, one per line of the message.</summary>
public sealed class SettingsException(IReadOnlyList<SettingsError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(static e => e.Message)))
{
    /// <summary>Every reason.</summary>
    public IReadOnlyList<SettingsError> Errors { get; } = errors;
}
