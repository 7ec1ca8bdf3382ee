namespace QuadTurbo.Services.Tests.Inference;

/// <summary>What a piece of code leaves to be collected.</summary>
internal static class Garbage
{
    /// <summary>Bytes that 100 runs allocate on this thread; the least of five tries, since a host of another test that begins to listen to the metrics makes room for them here.</summary>
    public static long Of(Action run)
    {
        long least = long.MaxValue;
        for (int t = 0; t < 5; t++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
