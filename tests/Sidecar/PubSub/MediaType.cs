namespace QuadTurbo.Sidecar.PubSub;

/// <summary>How a content type is put into an envelope.</summary>
internal static class MediaType
{
    public const string CloudEvents = "application/cloudevents+json", Binary = "application/octet-stream";

    public static bool IsCloudEvents(string type) => Bare(type) == CloudEvents;

    public static bool IsJson(string type) => Bare(type) is var bare && (bare == "application/json" || bare.EndsWith("+json", StringComparison.Ordinal));

    public static bool IsBinary(string type) => Bare(type) is Binary or "application/cloudevents+protobuf";

    private static string Bare(string type) => type.Split(';')[0].Trim().ToLowerInvariant();
}
