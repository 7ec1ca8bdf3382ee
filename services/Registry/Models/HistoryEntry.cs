namespace QuadTurbo.Registry.Models;

/// <summary>One line of history.</summary>
/// <param name="Seq">Running number, 1 for the first.</param>
/// <param name="At">When, UTC; never before the line before.</param>
/// <param name="Model">Identity of the version that it is about.</param>
/// <param name="Why">The reason, in words.</param>
/// <param name="Details">What happened.</param>
/// <param name="Prev">Hash of the line before; zeros for the first.</param>
/// <param name="Hash">SHA-256 of <paramref name="Prev"/> and the line up to it, lower-case hex.</param>
public sealed record HistoryEntry(long Seq, DateTime At, string Model, string Why, HistoryDetails Details, string Prev, string Hash)
{
    /// <summary>What sort of line it is.</summary>
    public HistoryKind What => Details.What;
}
