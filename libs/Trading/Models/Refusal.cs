namespace QuadTurbo.Trading.Models;

/// <summary>Why the registry says no: what a caller over HTTP hears as 404, 409, 422 or 503.</summary>
public enum Refusal
{
    /// <summary>Nothing has that name.</summary>
    NotFound,

    /// <summary>It would contradict what is registered or running.</summary>
    Conflict,

    /// <summary>The request says nothing that could be done.</summary>
    Invalid,

    /// <summary>The disk does not take it; nothing has changed.</summary>
    NotKept,

    /// <summary>What is kept is not as it was written, or is gone.</summary>
    Damaged,
}
