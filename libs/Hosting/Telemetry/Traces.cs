using System.Diagnostics;

namespace QuadTurbo.Hosting.Telemetry;

/// <summary>Traces of messages from process to process. Source: W3C Trace Context.</summary>
public static class Traces
{
    /// <summary>The name of the platform's source of activities.</summary>
    public const string Name = "QuadTurbo";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Begins to handle a message that was said under <paramref name="traceParent"/>; null while nobody listens.</summary>
    public static Activity? Begin(string what, string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out ActivityContext parent)
            ? Source.StartActivity(what, ActivityKind.Consumer, parent)
            : Source.StartActivity(what, ActivityKind.Consumer);
}
