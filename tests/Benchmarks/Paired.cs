namespace QuadTurbo.Benchmarks;

/// <summary>Ours and a peer's in turn, A B A B, on CPU time: a shared machine disturbs both alike.</summary>
internal static class Paired
{
    private static readonly TimeSpan Settles = TimeSpan.FromMilliseconds(300);

    /// <summary>Prints the median of both and of the paired ratios, with the least and the greatest.</summary>
    /// <param name="title">What is compared.</param>
    /// <param name="pairs">How often.</param>
    /// <param name="calls">Calls of ours that are timed together.</param>
    /// <param name="ours">One call of ours.</param>
    /// <param name="theirs">CPU milliseconds of one call of the peer's; called once more beforehand.</param>
    public static void Compare(string title, int pairs, int calls, Action ours, Func<double> theirs)
    {
        WarmUp(ours);
        theirs();
        var measured = new (double Peer, double Ours)[pairs];
        for (int p = 0; p < pairs; p++) measured[p] = (theirs(), Milliseconds(ours, calls));
        double[] ratios = [.. measured.Select(m => m.Peer / m.Ours).Order()];
        Console.WriteLine($"{title,-28} peer {Median(measured.Select(m => m.Peer)),9:F3} ms   ours {Median(measured.Select(m => m.Ours)),9:F4} ms   "
            + $"peer/ours {Median(ratios):F2} [{ratios[0]:F2} {ratios[^1]:F2}]");
    }

    /// <summary>Median CPU milliseconds of one call of ours, without a peer.</summary>
    public static double Alone(int times, int calls, Action ours)
    {
        WarmUp(ours);
        return Median(Enumerable.Range(0, times).Select(_ => Milliseconds(ours, calls)));
    }

    /// <summary>The middle one; of an even number the upper.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // Until the compiler has made its last version of what is called.
    private static void WarmUp(Action ours)
    {
        for (long started = System.Diagnostics.Stopwatch.GetTimestamp(); System.Diagnostics.Stopwatch.GetElapsedTime(started) < Settles;) ours();
    }

    private static double Milliseconds(Action work, int calls)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < calls; i++) work();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / calls;
    }
}
