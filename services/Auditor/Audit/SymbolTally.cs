using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Audit;

/// <summary>What was detected across venues for one symbol, and what became of what looked profitable.</summary>
public sealed class SymbolTally
{
    /// <summary>Gaps with bid of the sold side above the ask of the bought side.</summary>
    public long GrossPositive { get; private set; }

    /// <summary>Of those, profitable after fees at the quotes seen.</summary>
    public long NetPositive { get; private set; }

    /// <summary>Net-positive ones still profitable after fees at the fills.</summary>
    public long Wins { get; private set; }

    /// <summary>Net-positive ones filled otherwise.</summary>
    public long Losses { get; private set; }

    /// <summary>Net-positive ones that did not fill.</summary>
    public long Missed { get; private set; }

    /// <summary>Counts a gap.</summary>
    public void Detected(Opportunity opportunity)
    {
        GrossPositive++;
        if (opportunity.NetPositive) NetPositive++;
    }

    /// <summary>Counts what the shadow lane made of a gap.</summary>
    public void Followed(Outcome shadow)
    {
        if (!shadow.Decision.Opportunity.NetPositive) return;
        if (shadow.Trade is not { } trade) Missed++;
        else if (trade.Won) Wins++;
        else Losses++;
    }
}
