namespace QuadTurbo.Benchmarks;

/// <summary>Requests one after another on each connection: what one costs the server, and how many there are room for. No measure of latency under a load from outside.</summary>
internal static class ClosedLoop
{
    /// <summary>Sends on <paramref name="connections"/> connections for <paramref name="time"/>.</summary>
    /// <exception cref="IOException">An answer is not 200.</exception>
    public static LoopCost Run(ServingProcess server, byte[][] requests, int connections, TimeSpan time)
    {
        var tallies = new LatencyTally[connections];
        ServingUsage before = server.Usage();
        long began = Instants.Now, until = began + (long)time.TotalNanoseconds;
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(c => new Thread(() => tallies[c] = Send(server.Address, requests, c, until)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        double seconds = (Instants.Now - began) * 1e-9;
        ServingUsage after = server.Usage();
        var all = new LatencyTally();
        foreach (LatencyTally tally in tallies) all.Add(tally);
        return new LoopCost(
            (after.CpuMicroseconds - before.CpuMicroseconds) / all.Count, all.Count / seconds, (double)(after.Bytes - before.Bytes) / all.Count,
            (after.Gen0 - before.Gen0) / (double)all.Count, all.Milliseconds(0.99));
    }

    private static LatencyTally Send(Uri server, byte[][] requests, int first, long until)
    {
        using var lane = new HttpLane(server);
        var tally = new LatencyTally();
        for (long i = first * 7, sent = Instants.Now; sent < until; i++, sent = Instants.Now)
        {
            lane.Send(requests[i % requests.Length]);
            if (lane.Receive() is { } failure) throw new IOException(failure);
            tally.Record(Instants.Now - sent);
        }
        return tally;
    }
}

/// <summary>What one request of a closed loop was.</summary>
/// <param name="Microseconds">CPU time of the server.</param>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Bytes">Garbage of the server.</param>
/// <param name="Gen0">Collections of it.</param>
/// <param name="P99">Of the time from sending to the whole answer, ms.</param>
internal readonly record struct LoopCost(double Microseconds, double PerSecond, double Bytes, double Gen0, double P99);
