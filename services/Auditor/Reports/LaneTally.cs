using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Reports;

/// <summary>Counts of one trading lane [LSTAT-01, LSTAT-02]: processed = filled + missed. What was missed is neither won nor lost.</summary>
public sealed class LaneTally
{
    /// <summary>Outcomes, missed ones included.</summary>
    public long Processed { get; private set; }

    /// <summary>Trades that made money after fees.</summary>
    public long Success { get; private set; }

    /// <summary>Outcomes without a trade.</summary>
    public long Missed { get; private set; }

    /// <summary>Profit net of fees on both sides.</summary>
    public MoneyByCurrency Profit { get; } = new();

    /// <summary>Missed outcomes by code.</summary>
    public SortedDictionary<MissCode, long> MissedBy { get; } = [];

    /// <summary>Filled trades.</summary>
    public long Filled => Processed - Missed;

    /// <summary>Won / filled and closed; null when nothing was filled.</summary>
    public double? WinRate => Filled == 0 ? null : (double)Success / Filled;

    /// <summary>success / processed, missed ones included: what the report of LSTAT-02 calls its win rate; null when nothing was processed.</summary>
    public double? SuccessRate => Processed == 0 ? null : (double)Success / Processed;

    /// <summary>Counts one outcome.</summary>
    public void Add(Outcome outcome) => Add(outcome, outcome.Trade?.Won ?? false, outcome.Net);

    /// <summary>Counts one outcome whose result is known already.</summary>
    public void Add(Outcome outcome, bool won, decimal net)
    {
        Processed++;
        if (outcome.Filled)
        {
            if (won) Success++;
            Profit.Add(outcome.Decision.Opportunity.Market, net);
            return;
        }
        Missed++;
        MissedBy[outcome.Missed] = MissedBy.GetValueOrDefault(outcome.Missed) + 1;
    }
}
