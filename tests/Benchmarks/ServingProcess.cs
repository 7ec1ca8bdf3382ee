using System.Diagnostics;
using System.Globalization;

namespace QuadTurbo.Benchmarks;

/// <summary>The server of the serving and stream bars: a process of its own, with the compiler and collector as <c>quadturbo</c> has them.</summary>
internal sealed class ServingProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private ServingProcess(Process process)
    {
        _process = process;
        Address = new Uri(process.StandardOutput.ReadLine() ?? throw new IOException("the server has not started"));
        _http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>Starts one; the labelled baseline serves.</summary>
    public static ServingProcess Start() => Start("serving", "server");

    /// <summary>Starts what those arguments are.</summary>
    public static ServingProcess Start(params string[] args) => new(Process.Start(AsPlatform(args, answers: true))!);

    /// <summary>This program with other arguments and the runtime settings of services/Platform/Platform.csproj.</summary>
    public static ProcessStartInfo AsPlatform(string[] args, bool answers) => new(Environment.ProcessPath!, args)
    {
        RedirectStandardInput = answers,
        RedirectStandardOutput = answers,
        Environment = { ["DOTNET_TC_QuickJit"] = "0", ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_gcServer"] = "0" },
    };

    /// <summary>What it has used so far.</summary>
    public ServingUsage Usage() => ServingUsage.Of(Get("/bench/usage"));

    /// <summary>Assigns a model and waits until it serves, or until a challenger was heard; milliseconds of that.</summary>
    public double Assign(string model, double share = 1) =>
        double.Parse(Get(string.Create(CultureInfo.InvariantCulture, $"/bench/assign/{model}?share={share}")), CultureInfo.InvariantCulture);

    /// <summary>The answer to a GET.</summary>
    public string Get(string path) => _http.GetStringAsync(path).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>What a server has used since it started.</summary>
/// <param name="CpuMicroseconds">CPU time.</param>
/// <param name="Bytes">Bytes that it allocated.</param>
/// <param name="Gen0">Collections.</param>
/// <param name="Megabytes">Memory that is resident now.</param>
/// <param name="Gen2">Full collections.</param>
/// <param name="PauseMilliseconds">Time that collections have stopped every thread.</param>
internal readonly record struct ServingUsage(double CpuMicroseconds, long Bytes, int Gen0, double Megabytes, int Gen2, double PauseMilliseconds)
{
    /// <summary>What this process has used, for <see cref="Of"/>.</summary>
    public static string Line() =>
        $"{Environment.CpuUsage.TotalTime.Ticks} {GC.GetTotalAllocatedBytes()} {GC.CollectionCount(0)} {Environment.WorkingSet} {GC.CollectionCount(2)} {GC.GetTotalPauseDuration().Ticks}";

    /// <summary>Reads a <see cref="Line"/>.</summary>
    public static ServingUsage Of(string line)
    {
        long[] parts = [.. line.Split(' ').Select(long.Parse)];
        return new ServingUsage(parts[0] / 10.0, parts[1], (int)parts[2], parts[3] / 1e6, (int)parts[4], parts[5] / 1e4);
    }
}
