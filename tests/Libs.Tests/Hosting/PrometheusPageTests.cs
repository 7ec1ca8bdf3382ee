using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class PrometheusPageTests : IDisposable
{
    private readonly Meter _meter = new($"Test-{Guid.NewGuid()}");
    private readonly PrometheusPage _page;

    public PrometheusPageTests() => _page = new PrometheusPage(_meter.Name);

    public void Dispose()
    {
        _page.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void The_five_public_names_are_declared_with_their_types_before_anything_is_measured()
    {
        PrometheusReader page = Read();

        Assert.Equal("histogram", page.Types["model_prediction_latency_seconds"]);
        Assert.Equal("counter", page.Types["model_predictions_total"]);
        Assert.Equal("counter", page.Types["model_drift_detected_total"]);
        Assert.Equal("gauge", page.Types["model_accuracy_current"]);
        Assert.Equal("gauge", page.Types["system_throughput_rps"]);
        Assert.All(page.Types.Keys, name => Assert.NotEmpty(page.Helps[name]));
    }

    [Fact]
    public void A_counter_sums_by_label_set_whatever_the_order_of_its_tags()
    {
        Counter<long> counter = _meter.CreateCounter<long>("quadturbo_refused_total", null, "Refused.");

        counter.Add(2, new("lane", "shadow"), new("reason", "gas"));
        counter.Add(3, new("reason", "gas"), new("lane", "shadow"));
        counter.Add(5, new("lane", "production"), new("reason", "gas"));
        counter.Add(7);

        PrometheusReader page = Read();
        Assert.Equal(5, page.Value("quadturbo_refused_total", ("lane", "shadow"), ("reason", "gas")));
        Assert.Equal(5, page.Value("quadturbo_refused_total", ("lane", "production"), ("reason", "gas")));
        Assert.Equal(7, page.Value("quadturbo_refused_total"));
    }

    [Fact]
    public void Buckets_are_cumulative_and_a_value_on_a_bound_belongs_below_it()
    {
        Histogram<double> histogram = _meter.CreateHistogram("quadturbo_wait_seconds", "s", "Wait.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] });

        foreach (double value in new[] { 0.05, 0.1, 0.2, 1.0, 1.5, 10, 10.5 })
            histogram.Record(value, new KeyValuePair<string, object?>("lane", "shadow"));

        PrometheusReader page = Read();
        double[] counts = [.. new[] { "0.1", "1", "10", "+Inf" }.Select(le => page.Value("quadturbo_wait_seconds_bucket", ("lane", "shadow"), ("le", le)))];
        Assert.Equal([2, 4, 6, 7], counts);
        Assert.Equal(7, page.Value("quadturbo_wait_seconds_count", ("lane", "shadow")));
        Assert.Equal(23.35, page.Value("quadturbo_wait_seconds_sum", ("lane", "shadow")), 1e-12);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("quote \" backslash \\ newline \n end")]
    [InlineData("\\n is not a newline")]
    [InlineData("}{,= le=\"1\"")]
    [InlineData("")]
    [InlineData("日本 🚀")]
    public void A_label_value_reads_back_as_it_was(string value)
    {
        _meter.CreateCounter<int>("quadturbo_escaped_total", null, "Back\\slash\nand line.").Add(1, new KeyValuePair<string, object?>("v", value));

        PrometheusReader page = Read();

        Assert.Equal(1, page.Value("quadturbo_escaped_total", ("v", value)));
        Assert.Equal("Back\\\\slash\\nand line.", page.Helps["quadturbo_escaped_total"]);
    }

    [Fact]
    public void Labels_that_would_read_alike_are_one_series_and_bad_names_are_repaired()
    {
        Counter<int> counter = _meter.CreateCounter<int>("quadturbo_hostile_total");
        counter.Add(1, new KeyValuePair<string, object?>("v", "a\u001bb"));
        counter.Add(1, new KeyValuePair<string, object?>("v", "a\rb"));
        counter.Add(1, new KeyValuePair<string, object?>("v", "a\ud800b"));
        counter.Add(1, new("le", "x"), new("9 lives", "y"), new("__name__", "z"));

        PrometheusReader page = Read();

        Assert.Equal(3, page.Value("quadturbo_hostile_total", ("v", "a\uFFFDb")));
        Assert.Equal(1, page.Value("quadturbo_hostile_total", ("le_", "x"), ("_9_lives", "y"), ("label__name__", "z")));
    }

    [Fact]
    public void The_hundred_and_first_label_set_is_dropped_and_counted_while_known_ones_go_on()
    {
        Counter<int> counter = _meter.CreateCounter<int>("quadturbo_exploding_total");
        for (int i = 0; i < 100; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        Assert.DoesNotContain(Read().Samples, static s => s.Labels.ContainsValue("quadturbo_exploding_total"));

        counter.Add(1, new KeyValuePair<string, object?>("id", 100));
        counter.Add(1, new KeyValuePair<string, object?>("id", 101));
        counter.Add(1, new KeyValuePair<string, object?>("id", 0));

        PrometheusReader page = Read();
        Assert.Equal(100, page.Samples.Count(static s => s.Name == "quadturbo_exploding_total"));
        Assert.Equal(2, page.Value("quadturbo_exploding_total", ("id", "0")));
        Assert.Equal(2, page.Value("quadturbo_metrics_dropped_measurements_total", ("metric", "quadturbo_exploding_total"), ("reason", "series_limit")));
    }

    [Fact]
    public void What_cannot_be_summed_is_dropped_and_counted()
    {
        Counter<double> counter = _meter.CreateCounter<double>("quadturbo_gas_total");
        counter.Add(1.5);
        counter.Add(-1);
        counter.Add(double.NaN);

        PrometheusReader page = Read();

        Assert.Equal(1.5, page.Value("quadturbo_gas_total"));
        Assert.Equal(2, page.Value("quadturbo_metrics_dropped_measurements_total", ("metric", "quadturbo_gas_total"), ("reason", "invalid")));
    }

    [Fact]
    public void Observed_values_are_those_of_the_scrape_and_vanish_with_their_source()
    {
        int depth = 3;
        bool known = true;
        _meter.CreateObservableGauge("quadturbo_queue_depth", () => known ? [new Measurement<int>(depth, new KeyValuePair<string, object?>("queue", "shadow"))] : Array.Empty<Measurement<int>>());
        _meter.CreateObservableCounter("quadturbo_written_bytes_total", () => 10L + depth, "By");
        Assert.Equal(3, Read().Value("quadturbo_queue_depth", ("queue", "shadow")));

        depth = 4;
        Assert.Equal(4, Read().Value("quadturbo_queue_depth", ("queue", "shadow")));
        Assert.Equal(14, Read().Value("quadturbo_written_bytes_total"));

        known = false;
        Assert.DoesNotContain(Read().Samples, static s => s.Name == "quadturbo_queue_depth");
    }

    [Fact]
    public void A_failing_callback_leaves_its_metric_absent_and_the_others_whole()
    {
        _meter.CreateObservableGauge("quadturbo_broken", int () => throw new InvalidOperationException());
        _meter.CreateGauge<double>("quadturbo_fine").Record(double.PositiveInfinity);

        PrometheusReader page = Read();

        Assert.DoesNotContain(page.Samples, static s => s.Name == "quadturbo_broken");
        Assert.Equal(double.PositiveInfinity, page.Value("quadturbo_fine"));
        Assert.Equal(1, page.Value("quadturbo_metrics_dropped_measurements_total", ("metric", "observable"), ("reason", "callback_failed")));
    }

    [Fact]
    public void Names_get_their_base_unit_and_total_once()
    {
        _meter.CreateHistogram<double>("http.server.request.duration", "s").Record(1);
        _meter.CreateCounter<long>("process.read", "By").Add(1);
        _meter.CreateUpDownCounter<long>("active-requests").Add(-2);

        PrometheusReader page = Read();

        Assert.Equal("histogram", page.Types["http_server_request_duration_seconds"]);
        Assert.Equal("counter", page.Types["process_read_bytes_total"]);
        Assert.Equal(-2, page.Value("active_requests"));
    }

    [Fact]
    public void One_name_cannot_be_two_kinds()
    {
        _meter.CreateCounter<int>("quadturbo_twice_total");

        Assert.Throws<InvalidOperationException>(() => _meter.CreateGauge<int>("quadturbo_twice_total"));
    }

    [Fact]
    public void Families_and_series_stand_in_one_order_whatever_the_order_of_recording()
    {
        Counter<int> b = _meter.CreateCounter<int>("quadturbo_zz_b_total");
        Counter<int> a = _meter.CreateCounter<int>("quadturbo_zz_a_total");
        foreach (string v in new[] { "z", "B", "a" })
            b.Add(1, new KeyValuePair<string, object?>("v", v));
        a.Add(1);

        PrometheusReader page = Read();

        Assert.Equal(page.Types.Keys.Order(StringComparer.Ordinal), page.Types.Keys);
        Assert.Equal(["B", "a", "z"], page.Samples.Where(static s => s.Name == "quadturbo_zz_b_total").Select(static s => s.Labels["v"]));
    }

    [Fact]
    public void Recording_into_known_label_sets_allocates_nothing()
    {
        Counter<long> counter = _meter.CreateCounter<long>("quadturbo_free_total");
        Histogram<double> histogram = _meter.CreateHistogram<double>("quadturbo_free_seconds", "s");
        Record(1000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Record(10_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Record(int times)
        {
            for (int i = 0; i < times; i++)
            {
                counter.Add(1, new("lane", "shadow"), new("reason", "gas"));
                histogram.Record(0.003, new KeyValuePair<string, object?>("lane", "shadow"));
            }
        }
    }

    [Fact]
    public void Nothing_is_lost_when_many_threads_record_at_once()
    {
        Counter<long> counter = _meter.CreateCounter<long>("quadturbo_parallel_total");
        Histogram<double> histogram = _meter.CreateHistogram<double>("quadturbo_parallel_seconds", "s");

        Parallel.For(0, 40_000, i =>
        {
            counter.Add(1, new KeyValuePair<string, object?>("k", (i % 7).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            histogram.Record(0.25);
        });

        PrometheusReader page = Read();
        Assert.Equal(40_000, page.Samples.Where(static s => s.Name == "quadturbo_parallel_total").Sum(static s => s.Value));
        Assert.Equal(40_000, page.Value("quadturbo_parallel_seconds_count"));
        Assert.Equal(10_000, page.Value("quadturbo_parallel_seconds_sum"));
    }

    [Fact]
    public async Task The_page_is_served_with_its_media_type()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddPrometheus(_meter.Name);
        await using WebApplication app = builder.Build();
        app.MapPrometheus();
        _meter.CreateCounter<int>("quadturbo_served_total").Add(3);
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"{address}/metrics"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(3, PrometheusReader.Read(await answer.Content.ReadAsStringAsync()).Value("quadturbo_served_total"));
    }

    private PrometheusReader Read() => PrometheusReader.Read(_page.Render());
}
