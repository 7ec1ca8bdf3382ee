using System.Diagnostics;
using System.Runtime.InteropServices;

namespace QuadTurbo.Benchmarks;

/// <summary>Waits for instants of the monotonic clock, to some microseconds and without spinning: the other core has work to do.</summary>
internal static partial class Instants
{
    private const int Monotonic = 1, Absolute = 1, TimerSlack = 29;

    /// <summary>Nanoseconds of the monotonic clock.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Has the kernel wake this thread when it is due, not up to 50 microseconds later.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux, whose clock and sleep this is.</exception>
    public static void Sharpen()
    {
        if (!OperatingSystem.IsLinux() || Stopwatch.Frequency != 1_000_000_000) throw new PlatformNotSupportedException("the load generator keeps time with Linux's clock_nanosleep");
        _ = SetOption(TimerSlack, 1, 0, 0, 0);
    }

    /// <summary>Returns at <paramref name="instant"/>, at once when that is past.</summary>
    public static void Await(long instant)
    {
        while (Now < instant)
        {
            var until = new TimeSpec(instant / 1_000_000_000, instant % 1_000_000_000);
            _ = Sleep(Monotonic, Absolute, in until, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpec until, nint left);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int SetOption(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
