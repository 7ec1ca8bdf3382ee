using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting.Faults;

namespace QuadTurbo.Platform.Tests.Faults;

/// <summary>A real <c>quadturbo run</c> of its own process; it is dead once this is disposed.</summary>
internal sealed class RunProcess : IDisposable
{
    /// <summary>Longer than anything here may take, on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Settings =
    [
        "feed.period=10ms", "feed.symbols=2", "lanes.verbose=false", "preValidator.minScore=0.2", "triggers.interval=25", "triggers.minNewSamples=1",
        "triggers.coolDown=100ms", "guard.dailyLoss=0", "guard.consecutiveLosses=0",
    ];

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private RunProcess(Process process, string url)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Speaks to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Whether it lives no more.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to its console.</summary>
    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>Starts one.</summary>
    /// <param name="dataDirectory">Its data directory.</param>
    /// <param name="crashAt">The crash point that kills it; null for none.</param>
    /// <param name="within">A command that runs its arguments, for example in another mount namespace.</param>
    public static RunProcess Start(string dataDirectory, string? crashAt = null, params string[] within)
    {
        string url = $"http://127.0.0.1:{FreePort()}";
        string[] words =
        [
            .. within, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "quadturbo.dll"),
            "run", "--data-dir", dataDirectory, "--urls", url, "--preset", "safety", .. Settings.SelectMany(s => new[] { "--set", s }),
        ];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (crashAt is not null) start.Environment[CrashPoint.Variable] = crashAt;
        return new RunProcess(Process.Start(start)!, url);
    }

    /// <summary>Submits an opportunity: the tracking id when it was acknowledged, null when it was not, whatever the reason.</summary>
    public async Task<string?> SubmitAsync(int number)
    {
        var opportunity = new
        {
            buy = new { venue = "ALPHA", symbol = "BTC-USD", price = 60_000m },
            sell = new { venue = "BRAVO", symbol = "BTC-USD", price = number % 3 == 0 ? 60_010m : 60_400m },
            confidence = 0.9,
        };
        try
        {
            using HttpResponseMessage answer = await Client.PostAsJsonAsync("/opportunities", opportunity);
            if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.UnprocessableEntity)) return null;
            return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["trackingId"]!;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>The status and the text of a page; (0, "") where nothing answers.</summary>
    public async Task<(HttpStatusCode Status, string Text)> ReadAsync(string page)
    {
        try
        {
            using HttpResponseMessage answer = await Client.GetAsync(page);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            return (0, "");
        }
    }

    /// <summary>Asks it to stop: SIGTERM.</summary>
    public void AskToStop()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end; returns its exit code.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<int> UntilExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"the process did not end within {Patience}; it said: {Said}", e);
        }
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Client.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_said)
            if (line is not null && _said.Length < 100_000) _said.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
