namespace QuadTurbo.Gateway.Live;

/// <summary>What a client can hear; a message may be of several channels.</summary>
[Flags]
internal enum Channels : byte
{
    /// <summary>Of no channel.</summary>
    None = 0,

    /// <summary>Every verdict.</summary>
    Opportunities = 1,

    /// <summary>Every score.</summary>
    Predictions = 2,

    /// <summary>Every outcome of lanes 1 and 2.</summary>
    Executions = 4,

    /// <summary>The state of everything, once a second.</summary>
    Metrics = 8,

    /// <summary>Breakers, kill switch, what needs a person.</summary>
    Alerts = 16,

    /// <summary>Learning activity: new versions, assignments, outcomes of lane 2 [SHDW-10].</summary>
    Learning = 32,
}

/// <summary>The names of channels.</summary>
internal static class ChannelNames
{
    /// <summary>How many channels there are.</summary>
    public const int Count = 6;

    private static readonly string[] Names = ["opportunities", "predictions", "executions", "metrics", "alerts", "learning"];

    /// <summary>Every name, in the order of the bits.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The channel of that name; none for another.</summary>
    public static Channels Of(string? name) => (Channels)(Array.IndexOf(Names, name) is >= 0 and int bit ? 1 << bit : 0);

    /// <summary>The names of <paramref name="channels"/>.</summary>
    public static IEnumerable<string> In(Channels channels) => Names.Where((_, bit) => ((int)channels >> bit & 1) != 0);
}

/// <summary>What a message is about (STRM-02).</summary>
internal enum StreamType : byte
{
    /// <summary>The connection itself: greetings, answers to commands, what was left out.</summary>
    Connection,

    /// <summary>A verdict.</summary>
    Opportunity,

    /// <summary>A score.</summary>
    Prediction,

    /// <summary>An outcome.</summary>
    Execution,

    /// <summary>The state of everything.</summary>
    Metrics,

    /// <summary>Something begins or ends that a person should know.</summary>
    Alert,

    /// <summary>The server is there.</summary>
    Heartbeat,
}
