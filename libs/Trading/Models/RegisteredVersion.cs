namespace QuadTurbo.Trading.Models;

/// <summary>The answer to <see cref="RegisterVersion"/>.</summary>
/// <param name="Version">The version as it stands.</param>
/// <param name="Created">False where the same file was registered under that label already.</param>
public sealed record RegisteredVersion(VersionView Version, bool Created);
