namespace QuadTurbo.Sidecar.Faults;

/// <summary>What may go wrong.</summary>
public enum Fault
{
    /// <summary>The broker holds a message twice; the copy comes up to <see cref="FaultPlan.ReorderDepth"/> messages later.</summary>
    Duplicate,

    /// <summary>The broker lets up to <see cref="FaultPlan.ReorderDepth"/> later messages pass one.</summary>
    Reorder,

    /// <summary>The broker shows a message only after <see cref="FaultPlan.DelayBy"/>.</summary>
    Delay,

    /// <summary>The broker refuses a message.</summary>
    BrokerError,

    /// <summary>The sidecar answers a call of the application with 500 and does nothing.</summary>
    ServerError,

    /// <summary>The connection of a call of the application breaks before anything was done.</summary>
    CutRequest,

    /// <summary>The connection of a call of the application breaks after all was done: the caller cannot know.</summary>
    CutAnswer,

    /// <summary>A delivery breaks before it reaches the application.</summary>
    LoseDelivery,

    /// <summary>A delivery reaches the application, and its answer is lost.</summary>
    LoseDeliveryAnswer,
}

/// <summary>How often each thing goes wrong; rates are in [0, 1].</summary>
/// <remarks>
/// A draw depends on the seed, the fault and what it befalls (topic and its ordinal, group, attempt; app-id and the ordinal of its call), never on the order
/// in which threads ran: the same traffic meets the same faults.
/// </remarks>
public sealed record FaultPlan
{
    /// <summary>The root of all draws.</summary>
    public long Seed { get; init; }

    /// <summary>The rate of each fault; one that is absent does not happen.</summary>
    public IReadOnlyDictionary<Fault, double> Rates { get; init; } = new Dictionary<Fault, double>();

    /// <summary>Most messages that pass a held one.</summary>
    public int ReorderDepth { get; init; } = 4;

    /// <summary>A held message comes forth after this, whether or not others have passed it.</summary>
    public TimeSpan HoldAtMost { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a delayed message stays unseen.</summary>
    public TimeSpan DelayBy { get; init; } = TimeSpan.FromMilliseconds(50);
}
