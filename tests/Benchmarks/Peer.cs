using System.Diagnostics;

namespace QuadTurbo.Benchmarks;

/// <summary>A peer's script in peers/, kept running: answers each line it is sent with one line. One thread each.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    public Peer(string script, params string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        var start = new ProcessStartInfo("/usr/bin/python3", [path, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]) start.Environment[variable] = "1";
        _process = Process.Start(start)!;
    }

    /// <summary>The answer to a line.</summary>
    /// <exception cref="InvalidOperationException">The script has ended.</exception>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the peer ended at '{line}'");
    }

    public double AskNumber(string line) => double.Parse(Ask(line));

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
