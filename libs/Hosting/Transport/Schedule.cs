namespace QuadTurbo.Hosting.Transport;

/// <summary>How messages are handled within one process.</summary>
public enum Schedule
{
    /// <summary>
    /// One thread, in order: a publish returns when everything that follows from it has been handled. Same input, same result, to the bit.
    /// </summary>
    Lockstep,

    /// <summary>Every handler on its own, behind a bounded queue for each subscription.</summary>
    Concurrent,
}
