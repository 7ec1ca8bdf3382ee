namespace QuadTurbo.Learning.Splits;

/// <summary>How a path ended, by <see cref="TripleBarrier"/>.</summary>
/// <param name="Exit">The barrier met first.</param>
/// <param name="Span">From entry to exit, t₀ to t₁.</param>
/// <param name="ReturnBps">r(t₁), before any cost.</param>
/// <param name="Ambiguous">One bar reached both barriers; it is counted as a loss, which may be wrong.</param>
public readonly record struct BarrierLabel(BarrierExit Exit, LabelSpan Span, double ReturnBps, bool Ambiguous);
