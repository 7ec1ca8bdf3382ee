using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Follows the live stream, hangs up, and comes back without having missed anything.</summary>
internal static class StreamStep
{
    private const int First = 6, Missed = 40;
    private static readonly string[] Channels = ["opportunities", "executions"];

    public static DemoStep Step { get; } = new(
        "stream", "Live stream",
        "A WebSocket tells every verdict and outcome. Whoever was cut off names the last 'seq' that they read and goes on from there.", ShowAsync);

    private static async Task<JsonObject> ShowAsync(DemoClient platform, CancellationToken cancel)
    {
        Paste(platform);
        // A second client stays connected: what it reads is what the first must not miss.
        (DemoSocket witness, _) = await DemoSocket.ConnectAsync(platform.StreamAddress, cancel);
        using (witness)
        {
            await witness.AskAsync(Subscribe(), cancel);
            (long since, string session) = await FollowAsync(platform, cancel);
            var seen = new List<long>();
            while (seen.Count < Missed)
                if (SeqOf(await witness.NextAsync(cancel)) is var seq && seq > since) seen.Add(seq);
            return await ResumeAsync(platform, since, session, seen, cancel);
        }
    }

    private static void Paste(DemoClient platform)
    {
        string channels = string.Join(',', Channels);
        Say($"  $ python3 docs/samples/stream.py {platform.StreamAddress} {channels} {First}");
        Say($"  $ node docs/samples/stream.mjs {platform.StreamAddress} {channels} {First}      # Node.js 22");
        Say($"  $ dotnet run docs/samples/StreamClient.cs {platform.StreamAddress} {channels} {First}");
        Say("  Nothing at hand but curl? It sees the greeting:");
        Say("  $ curl -s -N -i --max-time 1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \\");
        Say($"      -H 'Sec-WebSocket-Key: cXVhZHR1cmJvLWRlbW8hIQ==' {platform.Address}/stream");
        Say();
    }

    private static async Task<(long Since, string Session)> FollowAsync(DemoClient platform, CancellationToken cancel)
    {
        (DemoSocket socket, JsonObject greeting) = await DemoSocket.ConnectAsync(platform.StreamAddress, cancel);
        using (socket)
        {
            Say($"  < {greeting["type"]}: session {greeting["data"]!["session"]}, heartbeat every {greeting["data"]!["heartbeat_s"]} s");
            JsonObject subscribe = Subscribe();
            Say($"  > {subscribe.ToJsonString()}");
            JsonObject answer = await socket.AskAsync(subscribe, cancel);
            long since = 0;
            for (int i = 0; i < First; i++)
            {
                JsonObject message = await socket.NextAsync(cancel);
                since = SeqOf(message);
                Say($"  < {TextOf(message)}");
            }
            Say($"  The line is cut after seq {since}, and the market goes on.");
            return (since, Text(answer["data"]!, "session"));
        }
    }

    private static async Task<JsonObject> ResumeAsync(
        DemoClient platform, long since, string session, List<long> seen, CancellationToken cancel)
    {
        (DemoSocket socket, _) = await DemoSocket.ConnectAsync(platform.StreamAddress, cancel);
        using (socket)
        {
            JsonObject subscribe = Subscribe();
            (subscribe["since"], subscribe["session"]) = (since, session);
            Say($"  > {subscribe.ToJsonString()}");
            JsonObject answer = await socket.AskAsync(subscribe, cancel);
            var read = new List<long>();
            while (read.Count == 0 || read[^1] < seen[^1]) read.Add(SeqOf(await socket.NextAsync(cancel)));
            bool resumed = answer["data"]!["resumed"]?.GetValue<bool>() == true;
            int missing = seen.Except(read).Count(), twice = read.Count - read.Distinct().Count();
            Say($"  < resumed: {(resumed ? "yes" : "no")}; {read.Count} messages, seq {read[0]} to {read[^1]}");
            Say($"  A client that stayed connected read {seen.Count} messages meanwhile: {missing} of them missing here, {twice} twice.");
            if (!resumed || missing > 0 || twice > 0)
                throw new StepFailedException($"the stream did not resume whole: resumed {resumed}, {missing} missing, {twice} twice");
            return new JsonObject
            {
                ["since"] = since,
                ["witnessed"] = new JsonArray([.. seen.Select(s => JsonValue.Create(s))]),
                ["read"] = new JsonArray([.. read.Select(s => JsonValue.Create(s))]),
                ["resumed"] = resumed,
            };
        }
    }

    private static JsonObject Subscribe() =>
        new() { ["command"] = "subscribe", ["channels"] = new JsonArray([.. Channels.Select(c => JsonValue.Create(c))]) };

    private static long SeqOf(JsonObject message) => (long)Number(message, "seq");

    // As a trader reads it: what, where, for how much, and what became of it.
    private static string TextOf(JsonObject message)
    {
        JsonNode data = message["data"]!;
        string type = Text(message, "type"), net = $"{(double?)data["net_bps"]:+0.0;-0.0} bps";
        string head = $"seq {SeqOf(message),-6}{type,-13}{data["symbol"],-9}";
        if (type == "execution") return $"{head}lane {data["lane"]}: {data["state"]}, {data["result"] ?? data["missed"]} {net}";
        string venues = string.Join(" to ", data["venues"]!.AsArray());
        string verdict = (bool?)data["passed"] == true ? "passed" : $"refused: {string.Join(", ", data["reasons"]!.AsArray())}";
        return $"{head}{venues}, {net} after fees, score {(double?)data["score"]:0.00}, {verdict}";
    }
}
