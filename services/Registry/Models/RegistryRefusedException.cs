#pragma warning disable CA1032 // Thrown with what it needs to say.

namespace QuadTurbo.Registry.Models;

/// <summary>Why the registry says no: what a caller over HTTP hears as 404, 409 or 422.</summary>
public enum Refusal
{
    /// <summary>Nothing has that name.</summary>
    NotFound,

    /// <summary>It would contradict what is registered or running.</summary>
    Conflict,

    /// <summary>The request says nothing that could be done.</summary>
    Invalid,
}

/// <summary>A request that the registry refuses, unchanged; the message names what, the value and the limit.</summary>
public sealed class RegistryRefusedException(Refusal reason, string message) : Exception(message)
{
    /// <summary>Of what sort the refusal is.</summary>
    public Refusal Reason { get; } = reason;
}
