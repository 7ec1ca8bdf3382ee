namespace QuadTurbo.Benchmarks;

/// <summary>What became of a load.</summary>
/// <param name="Due">Requests of the schedule.</param>
/// <param name="Failed">Those that were not answered by 200.</param>
/// <param name="Why">What became of the first that failed; null for none, or when no answer came.</param>
/// <param name="Answers">From the instant a request was due to its whole answer.</param>
/// <param name="Late">From the instant a request was due to when the sender was ready to send it: what the client itself adds.</param>
internal sealed record LoadReport(long Due, long Failed, string? Why, LatencyTally Answers, LatencyTally Late)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Due} requests, {Failed} failed; p50 {At(0.5)} p99 {At(0.99)} p99.9 {At(0.999)} max {Answers.Longest * 1e-6:F2} ms; "
        + $"sender late by p50 {Late.Milliseconds(0.5):F3} p99.9 {Late.Milliseconds(0.999):F2} max {Late.Longest * 1e-6:F2} ms{(Why is null ? "" : $"; {Why}")}";

    private string At(double quantile) => Answers.Milliseconds(quantile).ToString("F2", System.Globalization.CultureInfo.InvariantCulture);
}
