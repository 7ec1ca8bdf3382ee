using System.Text.Json.Nodes;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>Settings of the brokers that hold only together.</summary>
internal static class BrokerAgreement
{
    private const string Redis = "components/local/pubsub.yaml", Kafka = "components/cluster/pubsub.yaml";

    // A bulk delivery has at most as many messages: the sidecar's own default.
    private const int BulkMessages = 100;

    public static void Check(ManifestSet files, Differences differences)
    {
        int workers = files.Number(Redis, "concurrency");
        differences.Demand(workers >= BulkMessages, Redis, $"concurrency is below the {BulkMessages} messages of a bulk delivery");
        differences.Demand(files.Number(Redis, "queueDepth") >= workers, Redis, "queueDepth is below concurrency");
        TimeSpan retries = LongestDelivery(files.Read("components/local/resiliency.yaml")["spec"]!);
        bool outlasts = Reading.Duration(files.Setting(Redis, "processingTimeout")) > retries;
        differences.Demand(outlasts, Redis, $"processingTimeout is not above the {retries} that every retry together takes");
        differences.Demand(files.Setting(Kafka, "compression") == "lz4", Kafka, "compression is not lz4");
        bool fits = files.Number(Kafka, "maxMessageBytes") > WireFormat.MostBytes;
        differences.Demand(fits, Kafka, $"maxMessageBytes is not above the {WireFormat.MostBytes} of a message");
        differences.Demand(files.Setting(Kafka, "initialOffset") == "oldest", Kafka, "a new group would miss what was said before");
    }

    // Every attempt takes its whole timeout.
    private static TimeSpan LongestDelivery(JsonNode spec)
    {
        JsonNode? inbound = spec["targets"]!["components"]!["pubsub"]!["inbound"];
        if (inbound is null) return TimeSpan.MaxValue;
        JsonNode? retry = spec["policies"]!["retries"]![(string)inbound["retry"]!], timeout = spec["policies"]!["timeouts"]![(string)inbound["timeout"]!];
        if (retry is null || timeout is null) return TimeSpan.MaxValue;
        int again = (int)retry["maxRetries"]!;
        return (again + 1) * Reading.Duration((string)timeout!) + again * Reading.Duration((string)retry["duration"]!);
    }
}
