namespace QuadTurbo.Trading.Models;

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
