using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace QuadTurbo.Hosting.Threads;

/// <summary>Work that nobody waits for in the next millisecond, on a thread of its own that leaves the processors to the path and to requests.</summary>
/// <remarks>
/// .NET's thread priorities do nothing on Linux. There the thread weighs a third of the others and asks for slices of 0.1 ms, so that whoever wakes is
/// served before the 3 ms are over that a busy thread may keep a processor. Source: sched_setattr(2), sched_runtime of SCHED_OTHER (Linux 6.12;
/// older kernels take the weight alone).
/// </remarks>
public static partial class BackgroundThread
{
    private const int Nice = 5;
    private const ulong SliceNanoseconds = 100_000;

    /// <summary>Runs <paramref name="work"/> to its end; what it throws, the task throws.</summary>
    /// <param name="name">Name of the thread, for debuggers and profiles.</param>
    /// <param name="work">Blocks its own thread only.</param>
    public static Task RunAsync(string name, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(work, done)) { IsBackground = true, Name = name }.Start();
        return done.Task;
    }

    private static void Run(Action work, TaskCompletionSource done)
    {
        try
        {
            GiveWay();
            work();
            done.SetResult();
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }

    // Where it is not allowed, the work is done at the usual priority.
    private static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            var gentle = new SchedulingAttributes { Size = (uint)Unsafe.SizeOf<SchedulingAttributes>(), Nice = Nice, Runtime = SliceNanoseconds };
            _ = SetAttributes(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 274 : 314, thread: 0, ref gentle, flags: 0);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    // There is no wrapper of sched_setattr in libc; thread 0 is the caller.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SetAttributes(long number, int thread, ref SchedulingAttributes attributes, uint flags);

    private struct SchedulingAttributes
    {
        public uint Size, Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime, Deadline, Period;
    }
}
