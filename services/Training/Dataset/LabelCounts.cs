namespace QuadTurbo.Training.Dataset;

/// <summary>How many labels are known of one kind of opportunity.</summary>
/// <param name="Labelled">Trades whose outcome is known.</param>
/// <param name="Wins">Net above zero.</param>
/// <param name="BandWins">Net above the band: what a classifier learns as a win.</param>
/// <param name="BandLosses">Net below the band: what it learns as a loss. The rest is break-even.</param>
public readonly record struct LabelCounts(long Labelled, long Wins, long BandWins, long BandLosses)
{
    /// <summary>The counts with one more sample.</summary>
    public LabelCounts With(Sample sample, double bandBps) => new(
        Labelled + 1, Wins + (sample.Won ? 1 : 0), BandWins + (sample.NetBps > bandBps ? 1 : 0), BandLosses + (sample.NetBps < -bandBps ? 1 : 0));
}
