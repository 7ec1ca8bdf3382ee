using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QuadTurbo.Gateway.Live;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>The samples of <c>docs/samples</c>, run as they are: a relay cuts their connection half way, and they miss nothing.</summary>
public sealed class LiveSampleTests
{
    private const int Messages = 40;

    [NeedsProgram("node")]
    public Task The_sample_in_javascript_resumes_over_a_cut() => ResumesAsync("node", "--experimental-websocket", "stream.mjs");

    [NeedsProgram("python3")]
    public Task The_sample_in_python_resumes_over_a_cut() => ResumesAsync("python3", "-B", "stream.py");

    [NeedsProgram("dotnet")]
    [Trait("Category", "Long")]
    public Task The_sample_in_this_language_resumes_over_a_cut() => ResumesAsync("dotnet", "run", "StreamClient.cs");

    private static async Task ResumesAsync(string program, string option, string sample)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, settings: ("stream.commandsPerSecond", "100000"));
        using LiveClient pace = await LiveClient.ConnectAsync(host);
        using var relay = new TcpListener(IPAddress.Loopback, 0);
        relay.Start();
        var start = new ProcessStartInfo(program, [option, Path.Combine(Samples(), sample), $"ws://{relay.LocalEndpoint}/stream", "opportunities", $"{Messages}"])
        {
            RedirectStandardOutput = true,
        };
        using Process client = Process.Start(start)!;
        try
        {
            using (TcpClient cut = await RelayAsync(relay, host, patience.Token))
            {
                await UntilHeardAsync(host, pace);
                LiveClient.Publish(host, Channels.Opportunities, StreamType.Opportunity, 1, Messages / 2);
                for (int n = 1; n <= Messages / 4; n++) Assert.Equal(n, await NumberAsync(client, patience.Token));
            }
            LiveClient.Publish(host, Channels.Opportunities, StreamType.Opportunity, Messages / 2 + 1, Messages / 2);
            using TcpClient again = await RelayAsync(relay, host, patience.Token);
            for (int n = Messages / 4 + 1; n <= Messages; n++) Assert.Equal(n, await NumberAsync(client, patience.Token));
            await client.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!client.HasExited) client.Kill(entireProcessTree: true);
        }
    }

    private static async Task<int> NumberAsync(Process client, CancellationToken cancel) =>
        (int)JsonNode.Parse(await client.StandardOutput.ReadLineAsync(cancel) ?? throw new EndOfStreamException("the sample has ended"))!["data"]!["n"]!;

    private static async Task UntilHeardAsync(GatewayHost host, LiveClient pace)
    {
        while (!LiveClient.Hub(host).IsHeard(Channels.Opportunities)) await pace.AnswerAsync("""{"command":"ping"}""");
    }

    /// <summary>The next connection, handed on to the server until it is disposed or one side ends it.</summary>
    private static async Task<TcpClient> RelayAsync(TcpListener relay, GatewayHost host, CancellationToken cancel)
    {
        TcpClient client = await relay.AcceptTcpClientAsync(cancel);
        var address = new Uri(host.Addresses[0]);
        var server = new TcpClient(address.Host, address.Port);
        _ = PumpAsync(client.GetStream(), server.GetStream(), server);
        _ = PumpAsync(server.GetStream(), client.GetStream(), client);
        return client;
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, TcpClient ends)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut.
        }
        ends.Dispose();
    }

    private static string Samples([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/samples"));

    /// <summary>Skips where the program that runs the sample is not installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class NeedsProgramAttribute : FactAttribute
    {
        public NeedsProgramAttribute(string program)
        {
            string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            if (!folders.Any(folder => File.Exists(Path.Combine(folder, program)))) Skip = $"{program} is not installed";
        }
    }
}
