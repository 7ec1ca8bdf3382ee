namespace QuadTurbo.Learning.Boosting;

/// <summary>Shares a range out over one or two threads.</summary>
internal static class Work
{
    /// <summary>Rows that are worth waking another thread for.</summary>
    public const int LeastShared = 8192;

    /// <summary>Calls <paramref name="part"/> with neighbouring parts of 0 .. count, one for each thread; returns when all are done.</summary>
    public static void Split(int count, int threads, Action<int, int> part)
    {
        if (threads == 1 || count < threads)
        {
            part(0, count);
            return;
        }
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads },
            i => part((int)((long)count * i / threads), (int)((long)count * (i + 1) / threads)));
    }
}
