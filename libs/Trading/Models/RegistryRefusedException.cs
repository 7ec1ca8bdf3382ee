#pragma warning disable CA1032 // Thrown with what it needs to say.

namespace QuadTurbo.Trading.Models;

/// <summary>A request that the registry refuses, unchanged; the message names what, the value and the limit.</summary>
/// <param name="reason">Of what sort the refusal is.</param>
/// <param name="message">What, the value and the limit.</param>
/// <param name="field">Field of the request that it is about; null where it is about none.</param>
/// <param name="cause">What says more to people at this machine, such as paths; null for nothing.</param>
public sealed class RegistryRefusedException(Refusal reason, string message, string? field = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Of what sort the refusal is.</summary>
    public Refusal Reason { get; } = reason;

    /// <summary>Field of the request that it is about, <c>version_b</c>; null where it is about none.</summary>
    public string? Field { get; } = field;
}
