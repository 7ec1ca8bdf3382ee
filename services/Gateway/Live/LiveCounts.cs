using System.Text.Json;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Live;

/// <summary>What the gateway knows of the lanes by itself, since the process started: what passed by, how fast, and how full the queues are.</summary>
/// <remarks>What its own full queues forgot is not counted; <c>counts_missed_messages</c> says how much that is. The owners' figures are exact.</remarks>
internal sealed class LiveCounts(EmbeddedTransport transport, LaneSettings lanes, ServiceHostOptions host, TimeProvider clock)
{
    /// <summary>Rates are over so many seconds.</summary>
    public const int RateSeconds = 10;

    private static readonly Lane[] InPathOrder = [Lane.PreValidator, Lane.Production, Lane.ShadowSim, Lane.Training];
    private readonly Lock _lock = new();
    private readonly Counts[] _lanes = [.. Enumerable.Range(0, 5).Select(static _ => new Counts())];
    private readonly DateTime _startedAt = clock.GetUtcNow().UtcDateTime;

    /// <summary>Verdicts have come.</summary>
    public void Add(OpportunityJudged judged)
    {
        int passed = judged.Decisions.Length > 0 && judged.Decisions[0].Passed ? judged.Decisions.Length : 0;
        lock (_lock) _lanes[(int)Lane.PreValidator].Add(judged.Decisions.Length, passed);
    }

    /// <summary>Outcomes have come.</summary>
    public void Add(OutcomesKnown known)
    {
        lock (_lock)
        {
            foreach (Outcome outcome in known.Outcomes)
            {
                Counts lane = _lanes[(int)outcome.Lane];
                lane.Add(1, outcome.Trade is { Won: true } ? 1 : 0);
                if (outcome.Missed != MissCode.None) lane.Missed[(int)outcome.Missed]++;
            }
        }
    }

    /// <summary>A second has passed.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            foreach (Counts lane in _lanes) lane.Tick();
        }
    }

    /// <summary>Writes them with the names of the overview.</summary>
    public void Write(Utf8JsonWriter json)
    {
        IReadOnlyList<QueueStatus> queues = transport.Queues;
        json.WriteStartObject();
        json.WriteString("mode_text", host.Mode);
        json.WriteString("started_at", StreamRows.Instant(_startedAt));
        json.WriteString("now", StreamRows.Instant(clock.GetUtcNow().UtcDateTime));
        lock (_lock)
        {
            json.WriteNumber("detected", _lanes[(int)Lane.PreValidator].Processed);
            json.WriteNumber("detected_per_s", _lanes[(int)Lane.PreValidator].PerSecond);
            json.WriteStartArray("lanes");
            foreach (Lane lane in InPathOrder) Write(json, lane, _lanes[(int)lane], queues);
            json.WriteEndArray();
        }
        json.WriteNumber("counts_missed_messages", queues.Where(static q => q.Handler == nameof(StreamFeed)).Sum(static q => q.Dropped));
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, Lane lane, Counts counts, IReadOnlyList<QueueStatus> queues)
    {
        json.WriteStartObject();
        json.WriteNumber("number", (int)lane);
        json.WriteString("name", StreamRows.LaneName(lane));
        json.WriteBoolean("enabled", IsEnabled(lane));
        json.WriteNumber("processed", counts.Processed);
        if (lane == Lane.PreValidator)
        {
            json.WriteNumber("passed", counts.Good);
            json.WriteNumber("failed", counts.Processed - counts.Good);
            if (counts.Processed > 0) json.WriteNumber("rate", (double)counts.Good / counts.Processed);
        }
        else
        {
            long missed = counts.Missed.Sum();
            if (lane != Lane.Training) json.WriteNumber("succeeded", counts.Good);
            json.WriteNumber("missed", missed);
            json.WriteStartArray("missed_by");
            for (int code = 1; code < counts.Missed.Length; code++)
            {
                if (counts.Missed[code] == 0) continue;
                json.WriteStartObject();
                json.WriteString("code", StreamRows.MissName((MissCode)code));
                json.WriteNumber("count", counts.Missed[code]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (lane != Lane.Training && counts.Processed > missed) json.WriteNumber("rate", (double)counts.Good / (counts.Processed - missed));
        }
        json.WriteNumber("per_s", counts.PerSecond);
        QueueStatus[] own = [.. queues.Where(q => q.Handler == HandlerOf(lane))];
        if (own.Length > 0)
        {
            json.WriteNumber("queue_depth", own.Sum(static q => q.Depth));
            json.WriteNumber("queue_capacity", own.Sum(static q => q.Capacity));
            json.WriteNumber("dropped", own.Sum(static q => q.Dropped));
        }
        json.WriteEndObject();
    }

    private bool IsEnabled(Lane lane) => lane switch
    {
        Lane.Production => lanes.EnableProduction,
        Lane.ShadowSim => lanes.EnableShadowSim,
        Lane.Training => lanes.EnableTraining,
        _ => lanes.EnablePrevalidation,
    };

    // The lanes' names on the transport: services do not know each other's types.
    private static string HandlerOf(Lane lane) => lane switch
    {
        Lane.Production => "ProductionLane",
        Lane.ShadowSim => "ShadowLane",
        Lane.Training => "TrainingLane",
        _ => "PreValidatorLane",
    };

    private sealed class Counts
    {
        private readonly long[] _seconds = new long[RateSeconds];
        private int _at, _known;
        private long _before;

        public long Processed { get; private set; }

        public long Good { get; private set; }

        public long[] Missed { get; } = new long[Enum.GetValues<MissCode>().Length];

        public double PerSecond => _known == 0 ? 0 : (double)_seconds.Sum() / _known;

        public void Add(long processed, long good)
        {
            Processed += processed;
            Good += good;
        }

        public void Tick()
        {
            _seconds[_at] = Processed - _before;
            _before = Processed;
            _at = (_at + 1) % RateSeconds;
            _known = Math.Min(_known + 1, RateSeconds);
        }
    }
}
