using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Cycle;

/// <summary>Wins among the trades of one mode.</summary>
/// <param name="Trades">Trades that ended.</param>
/// <param name="Wins">Those that made money after fees.</param>
public readonly record struct WinCount(long Trades, long Wins)
{
    /// <summary>Wins over trades; null of none.</summary>
    public double? Rate => Trades == 0 ? null : (double)Wins / Trades;
}

/// <summary>The shadow lane between two daily summaries [LRN-12]. A shadow trade here is one that passed: what would have been traded.</summary>
public sealed class DayTally
{
    private readonly Dictionary<TradeMode, WinCount> _byMode = [];

    /// <summary>Signals that were judged.</summary>
    public long Received { get; private set; }

    /// <summary>Those that passed.</summary>
    public long Passed { get; private set; }

    /// <summary>Those that were blocked.</summary>
    public long Blocked => Received - Passed;

    /// <summary>Trades of passed ones that ended.</summary>
    public long Trades { get; private set; }

    /// <summary>Wins among them.</summary>
    public long Wins { get; private set; }

    /// <summary>Passed ones that nothing filled.</summary>
    public long Missed { get; private set; }

    /// <summary>Simulated net profit of those trades, bps of the entry price, summed.</summary>
    public double NetBps { get; private set; }

    /// <summary>The same in money, base currency; trades in other currencies are left out.</summary>
    public decimal Net { get; private set; }

    /// <summary>Labels learnt from, of passed and blocked ones.</summary>
    public long Labels { get; private set; }

    /// <summary>Wins among the trades of a mode.</summary>
    public WinCount Of(TradeMode mode) => _byMode.GetValueOrDefault(mode);

    /// <summary>Counts verdicts.</summary>
    public void Count(OpportunityJudged judged)
    {
        foreach (Decision decision in judged.Decisions)
        {
            Received++;
            if (decision.Passed) Passed++;
        }
    }

    /// <summary>Counts one that nothing filled.</summary>
    public void CountMissed(Decision decision)
    {
        if (decision.Passed) Missed++;
    }

    /// <summary>Counts what became of one that was filled.</summary>
    /// <param name="decision">What was judged.</param>
    /// <param name="sample">What is learnt of it.</param>
    /// <param name="net">Net profit, quote currency.</param>
    public void Count(Decision decision, Sample sample, decimal net = 0)
    {
        Labels++;
        if (!decision.Passed) return;
        Trades++;
        if (sample.Won) Wins++;
        NetBps += sample.NetBps;
        if (Currency.IsBase(decision.Opportunity.Market)) Net += net;
        TradeMode mode = decision.Opportunity.Mode;
        WinCount before = Of(mode);
        _byMode[mode] = new WinCount(before.Trades + 1, before.Wins + (sample.Won ? 1 : 0));
    }
}
