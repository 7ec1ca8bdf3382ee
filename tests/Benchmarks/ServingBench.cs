using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Gateway;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Inference;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Benchmarks;

/// <summary>Bars W1, W3 and W8: what a prediction over HTTP costs the server beside an echo of the same body, and what it leaves to be collected.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- serving [PAIRS] [SECONDS]: the server is a process of its own with 100 trees of depth 6, the client is on
/// the same cores. Echo and prediction in turn; CPU time of the server's process by request; the ratio is the median of pairs.
/// </remarks>
internal static class ServingBench
{
    private const string Opportunity =
        """{"route_id":"usdc_usdt_2hop","tokens":["USDC","USDT","USDC"],"dexes":["quickswap","sushiswap"],"input_amount":1000.0,"expected_output":1012.0,"gas_estimate":350000,"profit_usd":12.0,"confidence_score":0.85,"chain":"polygon"}""";

    /// <summary>Prints the table; with <c>server</c>, is the server.</summary>
    public static void Run(string[] args)
    {
        if (args is ["server"])
        {
            ServeAsync().GetAwaiter().GetResult();
            return;
        }
        int pairs = args.Length > 0 ? int.Parse(args[0]) : 7;
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1]) : 1.5);
        using Process server = Start();
        try
        {
            var address = new Uri(server.StandardOutput.ReadLine()!);
            string batch = $$"""{"opportunities":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => Opportunity.Replace("1012.0", $"{1000 + i * 0.2:0.0}")))}}],"threshold":0.8}""";
            Compare("W1 single, 16 connections", address, "/predict/single", Opportunity, 1, 16, pairs, time);
            Compare("W3 batch-100, 2 connections", address, "/predict/batch", batch, 100, 2, pairs, time);
        }
        finally
        {
            server.StandardInput.Close();
            server.WaitForExit();
        }
    }

    private static void Compare(string title, Uri address, string path, string body, int opportunities, int connections, int pairs, TimeSpan time)
    {
        for (int i = 0; i < 3; i++)
        {
            Load(address, "/echo", body, connections, time);
            Load(address, path, body, connections, time);
        }
        var figures = Enumerable.Range(0, pairs).Select(_ => (Echo: Load(address, "/echo", body, connections, time), Ours: Load(address, path, body, connections, time))).ToArray();
        double[] ratios = [.. figures.Select(f => f.Ours.Microseconds / f.Echo.Microseconds).Order()];
        Console.WriteLine($"{title,-28} echo {Paired.Median(figures.Select(f => f.Echo.Microseconds)),7:F1} us   ours {Paired.Median(figures.Select(f => f.Ours.Microseconds)),7:F1} us   "
            + $"ours/echo {Paired.Median(ratios):F2} [{ratios[0]:F2} {ratios[^1]:F2}]   {Paired.Median(figures.Select(f => f.Ours.PerSecond)) * opportunities,9:F0} opp/s");
        Console.WriteLine($"{"W8",-28} echo {Paired.Median(figures.Select(f => f.Echo.Bytes)),7:F0} B    ours {Paired.Median(figures.Select(f => f.Ours.Bytes)),7:F0} B a request, "
            + $"{Paired.Median(figures.Select(f => f.Ours.Bytes)) / opportunities:F1} B an opportunity");
    }

    /// <summary>Requests one after another on each connection: server CPU and garbage of one, and how many a second.</summary>
    private static (double Microseconds, double Bytes, double PerSecond) Load(Uri address, string path, string body, int connections, TimeSpan time)
    {
        byte[] request = Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        (long cpu, long bytes) = Usage(address);
        long began = Stopwatch.GetTimestamp(), total = 0;
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(_ => new Thread(() => Interlocked.Add(ref total, Send(address, request, began, time))))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        double elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (long cpuAfter, long bytesAfter) = Usage(address);
        return ((cpuAfter - cpu) / 10.0 / total, (bytesAfter - bytes) / (double)total, total / elapsed);
    }

    private static long Send(Uri address, byte[] request, long began, TimeSpan time)
    {
        using var client = new TcpClient(address.Host, address.Port) { NoDelay = true };
        Socket socket = client.Client;
        var buffer = new byte[1 << 20];
        long count = 0;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            socket.Send(request);
            int length = 0, due = int.MaxValue;
            while (length < due)
            {
                int read = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
                if (read == 0) throw new IOException("the server has closed the connection");
                length += read;
                if (due == int.MaxValue) due = Length(buffer.AsSpan(0, length));
            }
            count++;
        }
        return count;
    }

    /// <summary>Bytes of a whole answer, once its headers are there.</summary>
    private static int Length(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return int.MaxValue;
        if (!answer.StartsWith("HTTP/1.1 200"u8)) throw new IOException(Encoding.UTF8.GetString(answer));
        ReadOnlySpan<byte> length = answer[(answer.IndexOf("Content-Length: "u8) + 16)..];
        return end + 4 + int.Parse(length[..length.IndexOf((byte)'\r')]);
    }

    private static (long CpuTicks, long Bytes) Usage(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        string[] parts = http.GetStringAsync("/usage").GetAwaiter().GetResult().Split(' ');
        return (long.Parse(parts[0]), long.Parse(parts[1]));
    }

    private static Process Start() => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serving", "server"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static async Task ServeAsync()
    {
        using var folder = new ScratchFolder();
        Service[] services =
        [
            InferenceService.Definition,
            GatewayService.Definition,
            new("bench", static _ => { }, static routes =>
            {
                routes.MapPost("/echo", (RequestDelegate)EchoAsync).WithMetadata(new OpenToAll());
                routes.MapGet("/usage", static () => $"{Environment.CpuUsage.TotalTime.Ticks} {GC.GetTotalAllocatedBytes()}");
            }),
        ];
        using IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = folder.Path,
                Settings = PlatformSettings.Load(ServiceHost.CatalogueOf(services), new SettingsSources()),
                Clock = TimeProvider.System,
                Url = "http://127.0.0.1:0",
            },
            services);
        await host.StartAsync();
        var trees = new TreesHead(Booster.Fit(TabularWorld.Rows(10_000, 1), new BoostingOptions { Growth = Growth.DepthWise }).Ensemble, new Platt(1, 0), samples: 10_000);
        var package = ModelPackage.Create(new ModelManifest { Label = "v1.0.0", Ordinal = 1, Kind = "trees", Samples = 10_000, Seed = 1 }, trees, trees);
        await host.Services.GetRequiredService<EmbeddedTransport>().PublishAsync(
            Topics.ModelAssigned, new ModelAssigned { Model = package.Ref, Package = package.Bytes, Why = "benchmark" });
        await host.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        Console.WriteLine(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        while (await Console.In.ReadLineAsync() is not null) await Task.Yield();
        await host.StopAsync();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        int length = (int)context.Request.ContentLength!;
        byte[] body = ArrayPool<byte>.Shared.Rent(length);
        await context.Request.Body.ReadExactlyAsync(body.AsMemory(0, length));
        context.Response.ContentLength = length;
        await context.Response.BodyWriter.WriteAsync(body.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(body);
    }
}
