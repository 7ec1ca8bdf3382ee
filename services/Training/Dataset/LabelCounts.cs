using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>How many labels are known of one kind of opportunity.</summary>
/// <param name="Labelled">Trades whose outcome is known.</param>
/// <param name="Wins">Net above zero.</param>
/// <param name="BandWins">Net above the band: what a classifier learns as a win.</param>
/// <param name="BandLosses">Net below the band: what it learns as a loss. The rest is break-even.</param>
public readonly record struct LabelCounts(long Labelled, long Wins, long BandWins, long BandLosses)
{
    /// <summary>The counts with one more trade.</summary>
    public LabelCounts With(Trade trade, double bandBps)
    {
        double net = trade.NetBps;
        return new LabelCounts(Labelled + 1, Wins + (trade.Won ? 1 : 0), BandWins + (net > bandBps ? 1 : 0), BandLosses + (net < -bandBps ? 1 : 0));
    }
}
