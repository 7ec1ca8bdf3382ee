using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Hosting.Telemetry;

/// <summary>Everything measured on the platform's meters, as the text that Prometheus scrapes.</summary>
/// <remarks>
/// Listens from construction to disposal to every meter called <see cref="Meters.Name"/> and to the named ones. Families are in the order
/// of their names and series in that of their labels. A metric keeps at most <see cref="SeriesLimit"/> label sets; measurements of further
/// ones, and those that cannot be summed, are counted in <c>quadturbo_metrics_dropped_measurements_total</c>. Recording allocates nothing once its
/// label set is known. Source: Prometheus text exposition format 0.0.4.
/// </remarks>
public sealed class PrometheusPage : IDisposable
{
    /// <summary>The media type of the page.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The most label sets of one metric.</summary>
    public const int SeriesLimit = 100;

    // The buckets of a histogram that brings none: 0.5 ms to 10 s.
    private static readonly double[] UsualBounds = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    // Two locks: observable callbacks run inside a scrape and may take their owner's lock, under which an instrument may be made.
    private readonly Lock _scrape = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly HashSet<string> _meters;
    private readonly MetricFamily _dropped = new("quadturbo_metrics_dropped_measurements_total", MetricKind.Counter,
        "Measurements that the metrics page dropped, by metric and reason.", [], observed: true, limit: int.MaxValue);
    private long _failedScrapes;

    /// <summary>A page over the platform's meters and those called <paramref name="meters"/>.</summary>
    public PrometheusPage(params string[] meters)
    {
        _meters = [Meters.Name, .. meters];
        _families[_dropped.Name] = _dropped;
        RuntimeHelpers.RunClassConstructor(typeof(PlatformMeters).TypeHandle);
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Record(family, (double)value, tags));
        _listener.Start();
    }

    /// <summary>The page at this moment: observable instruments are read, the others are as last recorded.</summary>
    /// <remarks>An observable callback that throws leaves its metric without samples: a value that is unknown is absent, never zero.</remarks>
    public string Render()
    {
        lock (_scrape)
        {
            foreach (MetricFamily family in Families().Where(static f => f.Observed))
                family.Forget();
            Observe();
            MetricFamily[] families = Families();
            CountDropped(families);
            var page = new StringBuilder(16 * 1024);
            foreach (MetricFamily family in families)
                family.Write(page);
            return page.ToString();
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Unsafe.As<MetricFamily>(family!).Record(value, tags);

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!_meters.Contains(instrument.Meter.Name))
            return;
        MetricKind kind = KindOf(instrument);
        string name = MetricText.Name(instrument.Name, instrument.Unit, kind == MetricKind.Counter);
        lock (_gate)
        {
            if (!_families.TryGetValue(name, out MetricFamily? family))
            {
                family = new MetricFamily(name, kind, instrument.Description ?? name,
                    kind == MetricKind.Histogram ? BoundsOf(instrument) : [], instrument.IsObservable, SeriesLimit);
                _families[name] = family;
            }
            else if (family.Kind != kind || family.Observed != instrument.IsObservable)
            {
                throw new InvalidOperationException($"metric '{name}' is made twice, as {family.Kind} and as {kind}");
            }

            listener.EnableMeasurementEvents(instrument, family);
        }
    }

    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            _failedScrapes++;
        }
    }

    private MetricFamily[] Families()
    {
        lock (_gate)
            return [.. _families.Values];
    }

    private void CountDropped(MetricFamily[] families)
    {
        if (_failedScrapes > 0)
            _dropped.Record(_failedScrapes, [new("metric", "observable"), new("reason", "callback_failed")]);
        foreach (MetricFamily family in families)
        {
            if (family.OverLimit > 0)
                _dropped.Record(family.OverLimit, [new("metric", family.Name), new("reason", "series_limit")]);
            if (family.Invalid > 0)
                _dropped.Record(family.Invalid, [new("metric", family.Name), new("reason", "invalid")]);
        }
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>))
            return MetricKind.Counter;
        if (type == typeof(UpDownCounter<>) || type == typeof(ObservableUpDownCounter<>))
            return MetricKind.UpDown;
        return type == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<float> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(static b => (double)b)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(static b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(static b => (double)b)],
        _ => UsualBounds,
    };
}

/// <summary>Puts the metrics page into a service.</summary>
public static class PrometheusEndpoint
{
    /// <summary>Registers one <see cref="PrometheusPage"/> over the platform's meters and those called <paramref name="meters"/>.</summary>
    public static IServiceCollection AddPrometheus(this IServiceCollection services, params string[] meters) =>
        services.AddSingleton(_ => new PrometheusPage(meters));

    /// <summary>Serves the page at <c>GET /metrics</c>; it listens from this call on.</summary>
    public static IEndpointConventionBuilder MapPrometheus(this IEndpointRouteBuilder routes)
    {
        PrometheusPage page = routes.ServiceProvider.GetRequiredService<PrometheusPage>();
        return routes.MapGet("/metrics", (Delegate)(async (HttpContext context) =>
        {
            context.Response.ContentType = PrometheusPage.ContentType;
            await context.Response.WriteAsync(page.Render(), context.RequestAborted);
        })).WithMetadata(new AnyQuery()).Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Every metric as Prometheus text.");
    }
}
