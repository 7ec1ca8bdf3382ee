namespace QuadTurbo.Hosting.Transport;

/// <summary>What a service keeps by itself of the messages that it handles: a message counts as handled when this is on disk.</summary>
/// <param name="UntilDurable">Completes when all that was done until now is durable.</param>
public sealed record EffectsOnDisk(Func<CancellationToken, Task> UntilDurable);
