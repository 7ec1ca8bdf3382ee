using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Reconciliation;

/// <summary>Production and shadow, compared trade by trade.</summary>
public sealed class TwinTally
{
    private decimal _absolute;

    /// <summary>Pairs compared.</summary>
    public long Total { get; private set; }

    /// <summary>Pairs of which both sides filled.</summary>
    public long BothFilled { get; private set; }

    /// <summary>Of those, pairs with nets of the same sign.</summary>
    public long SameSign { get; private set; }

    /// <summary>Causes summed over the pairs, signed, quote currency.</summary>
    public GapCauses Causes { get; private set; }

    /// <summary>Pairs in the base currency.</summary>
    public long InBase { get; private set; }

    /// <summary>Mean |production net − shadow net| over pairs in the base currency; null without one.</summary>
    public decimal? AverageDiscrepancy => InBase == 0 ? null : _absolute / InBase;

    /// <summary>production net − shadow net over all pairs in the base currency.</summary>
    public decimal Gap { get; private set; }

    /// <summary>The pair with the largest gap; null without one.</summary>
    public Twin? Largest { get; private set; }

    /// <summary>Counts one pair. Amounts of other currencies are counted, not summed.</summary>
    public void Add(Twin twin)
    {
        Total++;
        if (twin.Production.Filled && twin.Shadow.Filled)
        {
            BothFilled++;
            if (Math.Sign(twin.Production.Net) == Math.Sign(twin.Shadow.Net)) SameSign++;
        }
        if (!Currency.IsBase(twin.Production.Decision.Opportunity.Market)) return;
        InBase++;
        Causes += twin.Gap;
        Gap += twin.Production.Net - twin.Shadow.Net;
        _absolute += Math.Abs(twin.Gap.Total);
        if (Largest is null || Math.Abs(twin.Gap.Total) > Math.Abs(Largest.Gap.Total)) Largest = twin;
    }
}
