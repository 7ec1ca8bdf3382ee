using System.Diagnostics.Metrics;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production;

/// <summary>What the production lane counts.</summary>
internal static class ProductionMetrics
{
    private static readonly Meter Meter = new("QuadTurbo");

    private static readonly Counter<long> Orders = Meter.CreateCounter<long>(
        "quadturbo_production_orders_total", description: "Orders that the venue took.");

    private static readonly Counter<long> GuardRefusals = Meter.CreateCounter<long>(
        "quadturbo_production_guard_refusals_total", description: "Opportunities that the account's guard refused, by breaker.");

    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(
        "quadturbo_production_outcomes_total", description: "Outcomes, by how the opportunity was missed; none when it was filled.");

    private static readonly Gauge<double> OpenExposure = Meter.CreateGauge<double>(
        "quadturbo_production_open_exposure_usd", description: "Notional of open orders and positions, USD.");

    public static void Ordered() => Orders.Add(1);

    public static void Refused(string breaker) => GuardRefusals.Add(1, KeyValuePair.Create<string, object?>("breaker", breaker));

    public static void Ended(Outcome outcome) => Outcomes.Add(1, KeyValuePair.Create<string, object?>("missed", CodeOf(outcome.Missed)));

    public static void Exposed(decimal exposure) => OpenExposure.Record((double)exposure);

    private static string CodeOf(MissCode code) => code switch
    {
        MissCode.None => "none",
        MissCode.NoQuote => "no_quote",
        MissCode.Stale => "stale",
        MissCode.Full => "full",
        MissCode.Guard => "guard",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "the production lane does not miss an opportunity in this way"),
    };
}
