// One record for each kind of line, side by side: together they are the format.

namespace QuadTurbo.Registry.Models;

/// <summary>What a line of history says beside its model and its reason; one record for each <see cref="HistoryKind"/>.</summary>
public abstract record HistoryDetails
{
    /// <summary>The kind of line that these belong to; no field of the line's details.</summary>
    internal abstract HistoryKind What { get; }

    /// <summary>The record that a kind of line carries.</summary>
    internal static Type TypeOf(HistoryKind what) => what switch
    {
        HistoryKind.Registered => typeof(Registered),
        HistoryKind.Tagged => typeof(Tagged),
        HistoryKind.Activated => typeof(Activated),
        HistoryKind.Assigned => typeof(Assigned),
        HistoryKind.ExperimentStarted => typeof(ExperimentStarted),
        HistoryKind.Ramped => typeof(Ramped),
        HistoryKind.Promoted => typeof(Promoted),
        HistoryKind.ExperimentEnded => typeof(ExperimentEnded),
        HistoryKind.RolledBack => typeof(RolledBack),
        HistoryKind.Pinned => typeof(Pinned),
        HistoryKind.Archived => typeof(Archived),
        HistoryKind.Exported => typeof(Exported),
        HistoryKind.Imported => typeof(Imported),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no kind of line"),
    };
}

/// <summary>A version was registered.</summary>
/// <param name="Version">All that was said of it.</param>
public sealed record Registered(Registration Version) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Registered;
}

/// <summary>A tag was set.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value; null takes it away.</param>
public sealed record Tagged(string Key, string? Value) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Tagged;
}

/// <summary>A version may serve from now on, or may not.</summary>
/// <param name="Active">Whether it may.</param>
public sealed record Activated(bool Active) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Activated;
}

/// <summary>The model serves alone, by decision.</summary>
/// <param name="Type">For what.</param>
public sealed record Assigned(VersionType Type) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Assigned;
}

/// <summary>The model challenges the champion.</summary>
/// <param name="Type">For what.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Champion">Identity of the version that serves the rest.</param>
/// <param name="Share">Share of the traffic that the challenger serves.</param>
public sealed record ExperimentStarted(VersionType Type, string Experiment, string Champion, double Share) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.ExperimentStarted;
}

/// <summary>The challenger serves another share.</summary>
/// <param name="Type">For what.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Share">The share from now on.</param>
public sealed record Ramped(VersionType Type, string Experiment, double Share) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Ramped;
}

/// <summary>The challenger has won, and serves alone.</summary>
/// <param name="Type">For what.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="From">Identity of the version that served before.</param>
public sealed record Promoted(VersionType Type, string Experiment, string From) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Promoted;
}

/// <summary>The challenger has not won; the champion serves alone.</summary>
/// <param name="Type">For what.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Champion">Identity of the version that serves.</param>
public sealed record ExperimentEnded(VersionType Type, string Experiment, string Champion) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.ExperimentEnded;
}

/// <summary>The model, an earlier one, serves again; an experiment that ran is over.</summary>
/// <param name="Type">For what.</param>
/// <param name="From">Identity of the version that served before.</param>
/// <param name="Pinned">Whether it is held from now on; lines from before there were pins say nothing, and pin nothing.</param>
public sealed record RolledBack(VersionType Type, string From, bool Pinned = false) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.RolledBack;
}

/// <summary>The model, which serves, is held, so that nothing takes its place by itself; or is no longer.</summary>
/// <param name="Type">For what.</param>
/// <param name="Held">Whether it is held.</param>
public sealed record Pinned(VersionType Type, bool Held) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Pinned;
}

/// <summary>The version was put away.</summary>
public sealed record Archived : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Archived;
}

/// <summary>The version was written for another process.</summary>
/// <param name="File">The numbered file, without its folder: no machine's paths are kept.</param>
public sealed record Exported(string File) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Exported;
}

/// <summary>The version was read from a file.</summary>
/// <param name="File">The file, without its folder.</param>
public sealed record Imported(string File) : HistoryDetails
{
    internal override HistoryKind What => HistoryKind.Imported;
}
