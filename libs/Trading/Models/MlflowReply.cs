namespace QuadTurbo.Trading.Models;

/// <summary>The answer to <see cref="MlflowCall"/>.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON.</param>
public sealed record MlflowReply(int Status, ReadOnlyMemory<byte> Body);
