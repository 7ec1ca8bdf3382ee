namespace QuadTurbo.Trading.Simulation;

/// <summary>How one opportunity would be executed.</summary>
/// <param name="Latency">From the decision to the venue's book.</param>
/// <param name="ImpactBps">How far the order moves the price against itself, on each fill, bps.</param>
/// <param name="SizeShare">Share of the ordered quantity that is sent, 0 to 1.</param>
/// <param name="Fees">What the venues charge.</param>
/// <param name="PriceMoveBps">How much worse than the platform's own book the venue's touch is, on each fill, bps.</param>
public readonly record struct ExecutionTerms(
    TimeSpan Latency, FeeSchedule Fees, double ImpactBps = 0, double SizeShare = 1, double PriceMoveBps = 0);
