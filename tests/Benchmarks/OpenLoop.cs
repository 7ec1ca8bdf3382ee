using System.Net.Sockets;

namespace QuadTurbo.Benchmarks;

/// <summary>Requests at a constant rate, whatever the server does: latency runs from the instant that a request was due, so a server that stalls cannot hide it.</summary>
/// <remarks>
/// One thread sends request i at start + i / rate over connection i mod C without waiting for answers; each connection has a thread that reads. Answers of a
/// connection come in the order of its requests, so the k-th one of connection c answers request k C + c. Source: Tene, "How NOT to measure latency" (2015).
/// </remarks>
internal sealed class OpenLoop
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lane[] _lanes;
    private readonly LatencyTally _late = new();
    private readonly double _interval;
    private readonly long _start;

    private OpenLoop(Uri server, double rate, int connections)
    {
        _interval = 1e9 / rate;
        _lanes = [.. Enumerable.Range(0, connections).Select(c => new Lane(new HttpLane(server), this, c))];
        _start = Instants.Now + 100_000_000;
    }

    /// <summary>Sends for <paramref name="time"/>, then waits up to 10 s for what is still out.</summary>
    /// <param name="server">Whose requests they are.</param>
    /// <param name="requests">Sent in turn.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="time">How long.</param>
    /// <param name="connections">How many connections take turns.</param>
    public static LoadReport Run(Uri server, byte[][] requests, double rate, TimeSpan time, int connections)
    {
        var load = new OpenLoop(server, rate, connections);
        foreach (Lane lane in load._lanes) lane.Reader.Start();
        long due = (long)(rate * time.TotalSeconds);
        load.Send(requests, due);
        return load.Report(due);
    }

    private void Send(byte[][] requests, long count)
    {
        Instants.Sharpen();
        for (long i = 0; i < count; i++)
        {
            long due = Due(i);
            Instants.Await(due);
            _late.Record(Instants.Now - due);
            _lanes[i % _lanes.Length].Send(requests[i % requests.Length]);
        }
    }

    private LoadReport Report(long due)
    {
        long deadline = Instants.Now + (long)Patience.TotalNanoseconds;
        var answers = new LatencyTally();
        foreach (Lane lane in _lanes)
        {
            lane.Finish(deadline);
            answers.Add(lane.Answers);
        }
        return new LoadReport(due, due - answers.Count, _lanes.Select(l => l.Why).FirstOrDefault(w => w is not null), answers, _late);
    }

    private long Due(long request) => _start + (long)(request * _interval);

    /// <summary>One connection of the load.</summary>
    private sealed class Lane
    {
        private readonly HttpLane _http;
        private readonly OpenLoop _load;
        private readonly int _index;
        private readonly object _answered = new();
        private long _sent, _read;
        private volatile bool _broken;

        public Lane(HttpLane http, OpenLoop load, int index)
        {
            (_http, _load, _index) = (http, load, index);
            Reader = new Thread(Read) { IsBackground = true };
        }

        public Thread Reader { get; }

        public LatencyTally Answers { get; } = new();

        public string? Why { get; private set; }

        public void Send(byte[] request)
        {
            if (_broken) return;
            try
            {
                _http.Send(request);
                Volatile.Write(ref _sent, _sent + 1);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                _broken = true;
            }
        }

        /// <summary>Waits until everything is answered; what is not by <paramref name="deadline"/> never will be.</summary>
        public void Finish(long deadline)
        {
            lock (_answered)
            {
                for (long left = deadline - Instants.Now; !_broken && _read < Volatile.Read(ref _sent) && left > 0; left = deadline - Instants.Now)
                    Monitor.Wait(_answered, TimeSpan.FromMicroseconds(left / 1e3));
            }
            _broken = true;
            _http.Dispose();
            Reader.Join();
        }

        private void Read()
        {
            try
            {
                while (true)
                {
                    string? failure = _http.Receive();
                    long answer = _read * _load._lanes.Length + _index;
                    if (failure is null) Answers.Record(Instants.Now - _load.Due(answer));
                    else Why ??= failure;
                    lock (_answered)
                    {
                        _read++;
                        Monitor.Pulse(_answered);
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                if (!_broken) Why ??= e.Message;
                lock (_answered)
                {
                    _broken = true;
                    Monitor.Pulse(_answered);
                }
            }
        }
    }
}
