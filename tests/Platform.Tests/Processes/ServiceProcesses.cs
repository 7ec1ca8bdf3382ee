using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Platform.Tests.Paths;
using QuadTurbo.Sidecar;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Platform.Tests.Processes;

/// <summary>Every service as a process of its own, each beside a sidecar of one mesh.</summary>
internal sealed class ServiceProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // As in dapr.yaml, only quicker: without it a service that died while its sidecar asked for its subscriptions would never hear anything.
    private static readonly AppHealth Probe = new("/healthz", TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(400), 3);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("services-");
    private readonly ConcurrentDictionary<string, Beside> _services = new(StringComparer.Ordinal);
    private readonly string[] _arguments;

    private ServiceProcesses(Mesh mesh, string[] arguments) => (Mesh, _arguments) = (mesh, arguments);

    public Mesh Mesh { get; }

    /// <summary>Where the auditor keeps the ledger.</summary>
    public string Ledger => Path.Combine(_folder.FullName, "auditor");

    /// <summary>The names of all services.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. TheHouse.Services.Select(static s => s.Name)];

    /// <summary>Starts them all on a recorded market, the feed last.</summary>
    public static Task<ServiceProcesses> StartAsync(BrokerFlavour flavour, string recording, params string[] arguments) =>
        StartWithoutAsync(null, flavour, recording, arguments);

    /// <summary>Starts them all but one.</summary>
    public static async Task<ServiceProcesses> StartWithoutAsync(string? missing, BrokerFlavour flavour, string recording, params string[] arguments)
    {
        var retries = new RetryPolicy { MaxRetries = 60, Duration = TimeSpan.FromMilliseconds(500) };
        var mesh = new Mesh(new MeshOptions
        {
            Broker = new BrokerOptions { Flavour = flavour, FromOldest = true, Concurrency = 100, ProcessingTimeout = TimeSpan.FromSeconds(5), RedeliverInterval = TimeSpan.FromSeconds(1) },
            PubSubs = [new PubSubComponent { Inbound = retries }],
        });
        var started = new ServiceProcesses(mesh, ["--feed", recording, .. arguments]);
        try
        {
            foreach (string name in Names.Where(n => n != "market-data" && n != missing)) await started.StartAsync(name);
            await started.StartAsync("market-data");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a service, or starts it again after its death, beside its sidecar.</summary>
    public async Task StartAsync(string name)
    {
        int port = _services.TryGetValue(name, out Beside? before) ? before.Port : LoopbackPorts.Take();
        Uri everybody = before?.Public ?? new Uri($"http://127.0.0.1:{LoopbackPorts.Take()}");
        SidecarServer sidecar = before?.Sidecar ?? await Mesh.StartAsync(new SidecarOptions { AppId = name, AppPort = port, AppHealth = Probe });
        _services[name] = new Beside(port, everybody, sidecar, ProcessOf(name, everybody, port, sidecar.Address.Port));
    }

    /// <summary>Where a service is reached by everybody.</summary>
    public Uri PublicAddressOf(string name) => _services[name].Public;

    /// <summary>Where a service is reached by its sidecar.</summary>
    public Uri AddressOf(string name) => new($"http://127.0.0.1:{_services[name].Port}");

    /// <summary>Kills the process of a service at once; its sidecar lives.</summary>
    public void Kill(string name) => _services[name].Process.Kill();

    /// <summary>Completes when the feed has ended and every outcome that is owed has been given.</summary>
    /// <exception cref="InvalidOperationException">A service ended, or it takes too long.</exception>
    public async Task CompletedAsync(TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(Look);
        string seen = "no ledger yet";
        try
        {
            while (true)
            {
                await timer.WaitForNextTickAsync(late.Token);
                foreach ((string name, Beside beside) in _services)
                    if (beside.Process.HasExited && !beside.Process.Killed) throw new InvalidOperationException($"{name} ended: {beside.Process.Said}");
                if (!Directory.Exists(Path.Combine(Ledger, "ledger"))) continue;
                using PathAudit audit = LedgerFold.Of(Ledger);
                seen = $"{audit.Conservation}, {audit.InFlightOutcomes} in flight";
                if (audit.Feeds.Any(static f => f.Ended) && audit.Judged > 0 && audit.Conservation.Missing == 0 && audit.InFlightOutcomes == 0) return;
            }
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            throw new InvalidOperationException($"not complete after {patience}: {seen}\n{await StandingAsync()}", e);
        }
    }

    /// <summary>Completes when <paramref name="name"/> lives, is not ready, and says that it waits because of <paramref name="why"/>.</summary>
    public async Task WaitsAsync(string name, string why)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            await timer.WaitForNextTickAsync(late.Token);
            try
            {
                HttpResponseMessage answer = await http.GetAsync(new Uri(AddressOf(name), "/readyz"), late.Token);
                if (answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable && (await answer.Content.ReadAsStringAsync(late.Token)).Contains(why, StringComparison.Ordinal)) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !late.IsCancellationRequested)
            {
                // It does not listen yet.
            }
        }
    }

    // What each of them says of itself, for who has to find out why it is not complete.
    private async Task<string> StandingAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var told = new StringBuilder();
        foreach ((string name, Beside beside) in _services.OrderBy(static s => s.Key, StringComparer.Ordinal))
        {
            told.Append(name).Append(": ");
            try
            {
                told.AppendLine(await (await http.GetAsync(new Uri($"http://127.0.0.1:{beside.Port}/readyz"))).Content.ReadAsStringAsync());
                string metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{beside.Port}/metrics"));
                foreach (string line in metrics.Split('\n').Where(static l => (l.StartsWith("quadturbo_queue_depth", StringComparison.Ordinal) || l.StartsWith("quadturbo_carrier", StringComparison.Ordinal)) && !l.EndsWith(" 0", StringComparison.Ordinal)))
                    told.Append("  ").AppendLine(line);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                told.AppendLine(e.Message).AppendLine(beside.Process.Said);
            }
        }
        return told.ToString();
    }

    /// <summary>Stops them all as SIGTERM does, the auditor last; afterwards the ledger is sealed.</summary>
    public async Task StopAsync()
    {
        foreach (string name in Names.Where(static n => n != "auditor").Append("auditor"))
            if (_services.TryRemove(name, out Beside? beside)) await beside.Process.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Beside beside in _services.Values) beside.Process.Dispose();
        await Mesh.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private ServiceProcess ProcessOf(string name, Uri everybody, int port, int sidecar) =>
        new([.. (string[])["service", name, "--data-dir", Path.Combine(_folder.FullName, name), "--urls", $"http://127.0.0.1:{everybody.Port}"], .. _arguments], port, sidecar);

    private sealed record Beside(int Port, Uri Public, SidecarServer Sidecar, ServiceProcess Process);

    private sealed class ServiceProcess : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _said = new();

        public ServiceProcess(string[] arguments, int port, int sidecar)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "quadturbo.dll"));
            foreach (string argument in arguments) start.ArgumentList.Add(argument);
            start.Environment["APP_PORT"] = $"{port}";
            start.Environment["DAPR_HTTP_PORT"] = $"{sidecar}";
            // Nine of them share two processors with the mesh.
            start.Environment["DOTNET_gcServer"] = "0";
            start.Environment["DOTNET_TieredPGO"] = "0";
            _process = Process.Start(start)!;
            _process.OutputDataReceived += Keep;
            _process.ErrorDataReceived += Keep;
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public bool Killed { get; private set; }

        public bool HasExited => _process.HasExited;

        public string Said
        {
            get
            {
                lock (_said) return _said.ToString();
            }
        }

        public void Kill()
        {
            Killed = true;
            _process.Kill();
            _process.WaitForExit();
        }

        public async Task StopAsync()
        {
            using Process terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await terminate.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _process.WaitForExitAsync(patience.Token);
            Assert.True(_process.ExitCode == 0, Said);
        }

        public void Dispose()
        {
            if (!_process.HasExited) Kill();
            _process.Dispose();
        }

        private void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_said)
                if (_said.Length < 20_000) _said.AppendLine(line.Data);
        }
    }
}
