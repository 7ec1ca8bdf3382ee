using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace QuadTurbo.Platform.Tests.Commands;

/// <summary>The built <c>quadturbo</c> as a process of its own.</summary>
internal sealed class QuadTurboProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private QuadTurboProcess(IEnumerable<string> arguments, string? temporary = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "quadturbo.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("QUADTURBO_DATA_DIR");
        if (temporary is not null) start.Environment["TMPDIR"] = temporary;
        _process = Process.Start(start)!;
        Id = _process.Id;
    }

    public int Id { get; }

    /// <summary>Runs one command to its end.</summary>
    public static Task<Answer> RunAsync(params string[] arguments) => RunInAsync(null, arguments);

    /// <summary>Runs one command to its end, with a folder for what is temporary.</summary>
    public static async Task<Answer> RunInAsync(string? temporary, params string[] arguments)
    {
        using var process = new QuadTurboProcess(arguments, temporary);
        using var patience = new CancellationTokenSource(Patience);
        Task<string> output = process._process.StandardOutput.ReadToEndAsync(patience.Token), error = process._process.StandardError.ReadToEndAsync(patience.Token);
        await process._process.WaitForExitAsync(patience.Token);
        return new Answer(process._process.ExitCode, await output, await error);
    }

    /// <summary>Runs one command until it says <paramref name="last"/>, calls on it then, and asks it to stop as Ctrl-C does.</summary>
    public static async Task<Answer> RunUntilAsync(string temporary, string last, Func<string, Task> call, params string[] arguments)
    {
        using var process = new QuadTurboProcess(arguments, temporary);
        using var patience = new CancellationTokenSource(2 * Patience);
        Task<string> error = process._process.StandardError.ReadToEndAsync(patience.Token);
        var said = new StringBuilder();
        while (await process._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.AppendLine(line);
            if (!line.Contains(last, StringComparison.Ordinal)) continue;
            await call(said.ToString());
            using Process interrupt = Process.Start("kill", ["-INT", process.Id.ToString()]);
            await interrupt.WaitForExitAsync(patience.Token);
        }
        await process._process.WaitForExitAsync(patience.Token);
        return new Answer(process._process.ExitCode, said.ToString(), await error);
    }

    /// <summary>Starts <c>run</c> on a free port; returns once it serves.</summary>
    public static async Task<(QuadTurboProcess Process, string Url)> ServeAsync(string dataDirectory, params string[] more)
    {
        string url = $"http://127.0.0.1:{FreePort()}";
        var process = new QuadTurboProcess(["run", "--urls", url, "--data-dir", dataDirectory, "--seed", "3", .. more]);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            while (await process._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                if (line.Contains("Ctrl-C", StringComparison.Ordinal)) return (process, url);
            throw new InvalidOperationException($"run ended: {await process._process.StandardError.ReadToEndAsync(patience.Token)}");
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>What a command said.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Answer(int Code, string Output, string Error);
