namespace QuadTurbo.Hosting.Transport;

/// <summary>How a service that runs as a process of its own finds its way back after a restart.</summary>
public enum Recovery
{
    /// <summary>It keeps what it needs by itself, and takes a message that it has seen before for what it is.</summary>
    Own,

    /// <summary>It is a function of what it heard, in that order: it hears all of it again, and what it says meanwhile has been said.</summary>
    Replay,

    /// <summary>It says everything again from the beginning, and what has been said is passed over: a recording that is read again.</summary>
    Repeat,
}
