using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using QuadTurbo.Hosting.Storage;

namespace QuadTurbo.Platform.Doctor;

/// <summary>Is this machine able to run the platform?</summary>
internal static class MachineChecks
{
    private const int DotNet = 10;
    private const double MebiByte = 1024 * 1024;
    private const double LeastMemory = 512, EnoughMemory = 1024;
    private static readonly TimeSpan ClockLook = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostSkew = TimeSpan.FromMilliseconds(50);

    /// <summary>The runtime's version.</summary>
    public static Finding Runtime() =>
        Environment.Version.Major >= DotNet
            ? Finding.Fine("dotnet", $".NET {Environment.Version}")
            : Finding.Problem("dotnet", $".NET {Environment.Version} runs; {DotNet} is needed", "install the .NET 10 runtime, and start with it");

    /// <summary>Whether the addresses of <paramref name="urls"/> can be served; the data directory's own process may hold them.</summary>
    public static IEnumerable<Finding> Ports(string urls, ProcessFile? running)
    {
        foreach (string url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string readable = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
            yield return !Uri.TryCreate(readable, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp
                ? Finding.Problem("port", $"--urls '{url}' is not an http address", "give one such as http://127.0.0.1:8080")
                : Port(uri, running);
        }
    }

    /// <summary>Wall clock against the monotonic one, and against the newest file of the data directory.</summary>
    public static async Task<Finding> ClockAsync(TimeProvider clock, DateTime? newestFile)
    {
        const string Fix = "let NTP set the clock (timedatectl set-ntp true), and run doctor again";
        DateTimeOffset wall = clock.GetUtcNow();
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(ClockLook, clock);
        TimeSpan skew = clock.GetUtcNow() - wall - Stopwatch.GetElapsedTime(began);
        if (newestFile is { } newest && newest > wall.UtcDateTime + TimeSpan.FromSeconds(5))
            return Finding.Warning("clock", $"the clock says {wall:yyyy-MM-dd HH:mm:ss} UTC, but the data directory was written at {newest:yyyy-MM-dd HH:mm:ss}: it was set back", Fix);
        return skew.Duration() > MostSkew
            ? Finding.Warning("clock", $"wall and monotonic clock drift apart by {skew.TotalMilliseconds:0} ms in {ClockLook.TotalMilliseconds:0} ms; the limit is {MostSkew.TotalMilliseconds:0} ms", Fix)
            : Finding.Fine("clock", $"{wall:yyyy-MM-dd HH:mm:ss} UTC, steady");
    }

    /// <summary>Memory that this process may use, a container's limit included.</summary>
    public static Finding Memory()
    {
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MebiByte;
        string cause = $"{available:0} MiB may be used";
        return available >= EnoughMemory ? Finding.Fine("memory", cause)
            : available >= LeastMemory ? Finding.Warning("memory", $"{cause}; {EnoughMemory:0} MiB are recommended", "give the process more memory, or lower lanes.maxQueueSize")
            : Finding.Problem("memory", $"{cause}; at least {LeastMemory:0} MiB are needed", "give the process more memory");
    }

    /// <summary>The SQLite library of the system.</summary>
    public static Finding Sqlite()
    {
        try
        {
            return Finding.Fine("sqlite", $"SQLite {SqliteLibrary.Version}");
        }
        catch (DllNotFoundException e)
        {
            return Finding.Problem("sqlite", e.Message, "install the package that the message names (Debian, Ubuntu: apt-get install libsqlite3-0)");
        }
    }

    private static Finding Port(Uri uri, ProcessFile? running)
    {
        try
        {
            IPAddress address = uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? IPAddress.Parse(uri.Host.Trim('[', ']')) : IPAddress.Loopback;
            using var listener = new TcpListener(address, uri.Port) { ExclusiveAddressUse = true };
            listener.Start();
            return Finding.Fine("port", $"{uri.Authority} is free");
        }
        catch (SocketException e)
        {
            return running is not null && running.Address.Port == uri.Port
                ? Finding.Fine("port", $"{uri.Authority} is served by process {running.Pid} of this data directory")
                : Finding.Problem("port", $"{uri.Authority} cannot be served: {e.Message}", $"stop what holds it (ss -ltnp 'sport = :{uri.Port}'), or choose another with --urls");
        }
    }
}
