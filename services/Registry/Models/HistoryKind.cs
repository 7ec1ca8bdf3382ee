namespace QuadTurbo.Registry.Models;

/// <summary>What a line of history tells.</summary>
public enum HistoryKind
{
    /// <summary>A version was registered.</summary>
    Registered,

    /// <summary>A tag was set or taken away.</summary>
    Tagged,

    /// <summary>A version was allowed, or no longer allowed, to serve.</summary>
    Activated,

    /// <summary>A version serves, by decision and without an experiment.</summary>
    Assigned,

    /// <summary>A challenger serves a share.</summary>
    ExperimentStarted,

    /// <summary>Its share was changed.</summary>
    Ramped,

    /// <summary>It has won, and serves alone.</summary>
    Promoted,

    /// <summary>It has not won; the champion serves alone.</summary>
    ExperimentEnded,

    /// <summary>An earlier version serves again.</summary>
    RolledBack,

    /// <summary>People hold the version that serves, or hold it no longer.</summary>
    Pinned,

    /// <summary>A version was put away.</summary>
    Archived,

    /// <summary>A version was written to a folder for another process.</summary>
    Exported,

    /// <summary>A version was read from a file.</summary>
    Imported,
}
