#pragma warning disable CA1032 // Thrown with what it needs to say.

namespace QuadTurbo.Registry.Models;

/// <summary>The history holds something that was not written so; nothing is skipped and nothing is changed.</summary>
public sealed class HistoryDamagedException(string file, long line, string what, string expected, string found, Exception? cause = null)
    : Exception($"history damaged: {what} in line {line} of {file} is {found}, expected {expected}", cause)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The line, 1 for the first.</summary>
    public long Line { get; } = line;

    /// <summary>What was due.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was there.</summary>
    public string Found { get; } = found;
}
