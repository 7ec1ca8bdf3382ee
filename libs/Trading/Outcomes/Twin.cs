namespace QuadTurbo.Trading.Outcomes;

/// <summary>The production outcome and the shadow outcome of one opportunity, and why they differ.</summary>
/// <param name="Production">What the venue made of it.</param>
/// <param name="Shadow">What the simulation made of it.</param>
/// <param name="Gap">The difference split into causes.</param>
public sealed record Twin(Outcome Production, Outcome Shadow, GapCauses Gap);

/// <summary>production net − shadow net, quote currency, split into named causes that sum to it.</summary>
/// <param name="Latency">The market moved between the two fill times.</param>
/// <param name="PriceMove">The venue's touch was not the one the platform saw at that instant.</param>
/// <param name="Impact">The order itself moved the price.</param>
/// <param name="Fee">The fee rates differ.</param>
/// <param name="Size">The filled sizes differ.</param>
/// <param name="Missed">One side did not fill: it counts as profit 0, and the whole gap is this.</param>
/// <param name="Unexplained">What none of the others accounts for; 0 in simulation.</param>
public readonly record struct GapCauses(
    decimal Latency, decimal PriceMove, decimal Impact, decimal Fee, decimal Size, decimal Missed, decimal Unexplained)
{
    /// <summary>production net − shadow net.</summary>
    public decimal Total => Latency + PriceMove + Impact + Fee + Size + Missed + Unexplained;

    /// <summary>Cause by cause.</summary>
    public static GapCauses operator +(GapCauses a, GapCauses b) => new(
        a.Latency + b.Latency, a.PriceMove + b.PriceMove, a.Impact + b.Impact, a.Fee + b.Fee, a.Size + b.Size, a.Missed + b.Missed,
        a.Unexplained + b.Unexplained);

    /// <summary>Name and amount of every cause, in order.</summary>
    public IEnumerable<(string Name, decimal Amount)> ByName =>
    [
        ("latency", Latency), ("price_move", PriceMove), ("impact", Impact), ("fee", Fee), ("size", Size), ("missed", Missed),
        ("unexplained", Unexplained),
    ];
}

/// <summary>Twins joined by the auditor: the message <c>outcome.reconciled</c>.</summary>
/// <param name="Twins">In the order in which both sides were known.</param>
public sealed record TwinsReconciled(Twin[] Twins);
