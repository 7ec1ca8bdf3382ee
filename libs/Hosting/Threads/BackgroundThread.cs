using System.Runtime.InteropServices;

namespace QuadTurbo.Hosting.Threads;

/// <summary>Work that nobody waits for in the next millisecond, on a thread of its own that leaves the processors to the path and to requests.</summary>
/// <remarks>
/// .NET's thread priorities do nothing on Linux, so there the thread is made nice: at 10 it weighs a tenth of the others and gives way to one that wakes.
/// Source: setpriority(2), whose "process" 0 is the calling thread on Linux.
/// </remarks>
public static partial class BackgroundThread
{
    private const int Process = 0, Nice = 10;

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
        if (OperatingSystem.IsLinux()) _ = SetPriority(Process, 0, Nice);
        else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
