using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Reports;

/// <summary>Counts of one trading lane [LSTAT-01, LSTAT-02]: processed = filled + missed; win rate = success / processed.</summary>
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

    /// <summary>success / processed; null when nothing was processed.</summary>
    public double? WinRate => Processed == 0 ? null : (double)Success / Processed;

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
