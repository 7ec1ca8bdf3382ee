using QuadTurbo.Hosting.Threads;

namespace QuadTurbo.Libs.Tests.Hosting.Threads;

public class BackgroundThreadTests
{
    [Fact]
    public async Task Work_runs_on_a_thread_of_its_own_that_weighs_less()
    {
        (string? name, bool pooled, string nice) = (null, true, "");

        await BackgroundThread.RunAsync("background", () =>
        {
            (name, pooled) = (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread);
            // Field 19 of stat(5), counted from the state behind the name in brackets.
            if (OperatingSystem.IsLinux()) nice = File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[16];
        });

        Assert.Equal(("background", false), (name, pooled));
        if (OperatingSystem.IsLinux()) Assert.Equal("5", nice);
    }

    [Fact]
    public async Task What_the_work_throws_the_task_throws() =>
        Assert.Equal("spoilt", (await Assert.ThrowsAsync<InvalidDataException>(
            () => BackgroundThread.RunAsync("background", () => throw new InvalidDataException("spoilt")))).Message);
}
