using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Gateway.Live;

/// <summary>What the live stream may take of the process, and how long it waits for whom .</summary>
[SettingsSection("stream")]
public sealed record StreamSettings
{
    /// <summary>Clients in total.</summary>
    [Description("Most clients of the live stream; more are answered 503.")]
    [Range(1, 100_000)]
    public int Clients { get; init; } = 2_000;

    /// <summary>Clients of one other machine.</summary>
    [Description("Most clients of the live stream from one address of another machine; more are answered 429.")]
    [Range(1, 100_000)]
    public int ClientsPerAddress { get; init; } = 50;

    /// <summary>Clients of this machine, a proxy's among them.</summary>
    [Description("Most clients of the live stream from one loopback address; more are answered 429.")]
    [Range(1, 100_000)]
    public int ClientsPerLoopback { get; init; } = 1_000;

    /// <summary>The largest message that a client may send.</summary>
    [Description("Most bytes of one message of a client; a larger one closes it (1009).")]
    [Range(128, 16 << 20)]
    public int MessageBytes { get; init; } = 64 * 1024;

    /// <summary>Commands of one client.</summary>
    [Description("Most commands of one client in a second; more are not followed, and it is told so once a second.")]
    [Range(1, 100_000)]
    public int CommandsPerSecond { get; init; } = 100;

    /// <summary>Messages that are kept for who comes back.</summary>
    [Description("Most messages that are kept for clients that resume.")]
    [Range(16, 1 << 22)]
    public int BufferMessages { get; init; } = 65_536;

    /// <summary>Bytes of them.</summary>
    [Description("Most bytes of messages that are kept for clients that resume, in blocks of 64 KiB.")]
    [Range(1 << 17, 1 << 30)]
    public int BufferBytes { get; init; } = 24 << 20;

    /// <summary>How long a channel is kept on after its last client has gone.</summary>
    [Description("How long the messages of a channel are still made and kept after its last client has gone.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages of opportunities, of predictions and of executions.</summary>
    [Description("Most messages a second of opportunities, and as many of predictions and of executions; more are counted, and every second the channel is told how many.")]
    [Range(1, 1_000_000)]
    public int MessagesPerSecond { get; init; } = 200;

    /// <summary>Writes to all clients together.</summary>
    [Description("About how many writes a second all clients together get; when more would be due, several messages go in one write.")]
    [Range(100, 10_000_000)]
    public int WritesPerSecond { get; init; } = 50_000;

    /// <summary>How often the server shows that it is there.</summary>
    [Description("How often every client is sent a heartbeat message and a ping.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may be silent.</summary>
    [Description("A client that has sent nothing for so long, not even the pong that every client library answers a ping with, is closed.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>From how many messages on a client is relieved.</summary>
    [Description("When more messages than this wait for a client, older opportunities, predictions and executions are dropped, and it is told which.")]
    [Range(1, 1 << 20)]
    public int CoalesceBehind { get; init; } = 250;

    /// <summary>Messages that may wait for a client.</summary>
    [Description("A client for which so many messages wait, for as long as stream.slowFor, is closed (1008, slow consumer).")]
    [Range(1, 1 << 20)]
    public int BehindMessages { get; init; } = 1_000;

    /// <summary>Bytes that may wait for a client.</summary>
    [Description("The same for bytes.")]
    [Range(1024, 1 << 28)]
    public int BehindBytes { get; init; } = 1 << 20;

    /// <summary>For how long.</summary>
    [Description("How long a client may be that far behind.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a client that is closed has to take its last messages.</summary>
    [Description("How long a client that is closed may take to read the rest and to answer; then its connection is cut.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take to show its key.</summary>
    [Description("How long a client that needs a key and came without one in its headers has to send the command 'auth'.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AuthWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that the system holds for a connection.</summary>
    [Description("Bytes of one client that the system may hold in its own send buffer; bounds what a client that does not read costs.")]
    [Range(4096, 1 << 24)]
    public int SocketBuffer { get; init; } = 64 * 1024;
}
