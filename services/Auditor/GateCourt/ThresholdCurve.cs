using System.Globalization;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.GateCourt;

/// <summary>What other limits of one gate would have blocked [GATE-12], from every filled shadow trade, in bounded memory. Single writer.</summary>
/// <remarks>
/// Trades are counted in bins of measure − limit: 16 to each power of two from 2^-20 to 2^20 on either side of 0, so that they are finest at the limit and
/// every bin's edge is a limit for which the count is exact. When the limit changes, what was counted moves with the middle of its bin: near the new limit
/// that is exact to 1/32 of the distance from the old one. Amounts are summed in float64.
/// </remarks>
public sealed class ThresholdCurve(GateComparison comparison)
{
    /// <summary>Most points of an answer.</summary>
    public const int MostPoints = 60;

    /// <summary>Trades between two limits below which nothing is recommended.</summary>
    public const int Enough = 100;

    /// <summary>Standard errors that the mean of those trades must lie from 0: 5 % in all when every bin's edge is tried (Bonferroni, one-sided).</summary>
    public const double Sure = 4.1;

    private const int PerOctave = 4, Lowest = -20, Highest = 20;
    private const int Side = ((Highest - Lowest) << PerOctave) + 2;
    private const int Shift = 52 - PerOctave;
    private const long First = (1023L + Lowest) << PerOctave;

    private readonly bool _upper = comparison is GateComparison.Above or GateComparison.AtMost;
    private readonly bool _blocksLow = comparison is GateComparison.Above or GateComparison.AtLeast;
    private Bin[]? _bins;

    /// <summary>The limit that applied last, on the setting's scale; NaN before a trade.</summary>
    public double Limit { get; private set; } = double.NaN;

    /// <summary>Trades counted.</summary>
    public long Trades { get; private set; }

    /// <summary>Counts one trade whose measure was <paramref name="value"/>; a null net is of a currency whose rate is unknown.</summary>
    public void Add(double value, double limit, bool won, double? net)
    {
        if (!double.IsFinite(value) || !double.IsFinite(limit)) return;
        _bins ??= new Bin[2 * Side];
        if (limit != Limit) Move(limit);
        Trades++;
        _bins[BinOf(value - limit)].Add(won, net);
    }

    /// <summary>The same, for a reader.</summary>
    public ThresholdCurve Copy() => new(comparison) { _bins = (Bin[]?)_bins?.Clone(), Limit = Limit, Trades = Trades };

    /// <summary>What limits across the measures seen would have blocked, in ascending order, the present one among them.</summary>
    public IReadOnlyList<LimitOutcome> Points()
    {
        List<LimitOutcome> all = All();
        if (all.Count <= MostPoints) return all;
        // As many trades between one point and the next, as far as the bins allow.
        var points = new List<LimitOutcome>();
        double step = (double)Trades / (MostPoints - 2), due = 0;
        foreach (LimitOutcome outcome in _blocksLow ? all : Enumerable.Reverse(all))
        {
            if (outcome.Blocked < due && outcome.Threshold != Limit) continue;
            points.Add(outcome);
            due = Math.Max(due, outcome.Blocked) + step;
        }
        if (!_blocksLow) points.Reverse();
        return points;
    }

    /// <summary>The limit that would have done best, if the trades between it and the present one leave no doubt; null otherwise.</summary>
    public LimitGain? Best()
    {
        if (_bins is null) return null;
        LimitGain? best = null;
        // Away from the limit in both directions: what lies between is what changes sides.
        foreach (int direction in (int[])[1, -1])
        {
            Bin between = default;
            for (int i = direction > 0 ? Side : Side - 1; i >= 0 && i < _bins.Length; i += direction)
            {
                between.Add(_bins[i]);
                int edge = direction > 0 ? i + 1 : i;
                if (edge == 0 || edge == _bins.Length || _bins[i].Count == 0) continue;
                bool tighter = direction > 0 == _blocksLow;
                double gain = tighter ? -(between.Made + between.Lost) : between.Made + between.Lost;
                if (gain > 0 && (best is null || gain > best.Value.Gain) && Certain(between, gain) && Passing(edge) >= Enough)
                    best = new LimitGain(Threshold(edge), tighter, gain, between.Priced);
            }
        }
        return best;
    }

    /// <summary>A number as people read it.</summary>
    public static string Show(double value) => Rounded(value).ToString("0.######", CultureInfo.InvariantCulture);

    private static bool Certain(in Bin between, double gain)
    {
        if (between.Priced < Enough) return false;
        double mean = gain / between.Priced;
        double variance = Math.Max(0, between.Squares / between.Priced - mean * mean);
        return mean >= Sure * Math.Sqrt(variance / between.Priced);
    }

    private long Passing(int edge)
    {
        long passing = 0;
        for (int i = _blocksLow ? edge : 0; i < (_blocksLow ? _bins!.Length : edge); i++) passing += _bins![i].Count;
        return passing;
    }

    private List<LimitOutcome> All()
    {
        var all = new List<LimitOutcome>();
        if (_bins is null) return all;
        Bin below = default, total = default;
        foreach (Bin bin in _bins) total.Add(bin);
        for (int edge = 0; edge <= _bins.Length; edge++)
        {
            // An edge matters where a bin ends or begins that holds something, and at the limit.
            bool ends = edge > 0 && _bins[edge - 1].Count > 0, begins = edge < _bins.Length && _bins[edge].Count > 0;
            if (edge > 0) below.Add(_bins[edge - 1]);
            if (edge != Side && (!(ends || begins) || edge == 0 || edge == _bins.Length)) continue;
            Bin blocked = _blocksLow ? below : total.Less(below);
            all.Add(new LimitOutcome(Threshold(edge), blocked.Count, -blocked.Lost, blocked.Made));
        }
        return all;
    }

    private void Move(double limit)
    {
        Bin[] old = _bins!;
        double by = Limit - limit;
        Limit = limit;
        if (Trades == 0) return;
        _bins = new Bin[old.Length];
        for (int i = 0; i < old.Length; i++)
            if (old[i].Count > 0) _bins[BinOf(0.5 * (Edge(i) + Edge(i + 1)) + by)].Add(old[i]);
    }

    private double Threshold(int edge) => edge == Side ? Limit : Rounded(Limit + Edge(edge));

    // Bins are [low, high) where the limit itself passes a rising measure or fails a falling one, and (low, high] otherwise.
    private int BinOf(double distance)
    {
        if (_upper) return 2 * Side - 1 - Lower(-distance);
        return Lower(distance);
    }

    private static int Lower(double distance) => distance >= 0 ? Side + Magnitude(distance) : Side - 1 - Magnitude(Math.BitDecrement(-distance));

    private static int Magnitude(double distance)
    {
        if (!(distance >= SmallestEdge)) return 0;
        return (int)Math.Min((BitConverter.DoubleToInt64Bits(distance) >> Shift) - First + 1, Side - 1);
    }

    /// <summary>Where bin <paramref name="index"/> begins, as a distance from the limit.</summary>
    private static double Edge(int index) => index >= Side ? MagnitudeEdge(index - Side) : -MagnitudeEdge(Side - index);

    private static double MagnitudeEdge(int index) => index == 0 ? 0 : BitConverter.Int64BitsToDouble((First + index - 1) << Shift);

    private static double SmallestEdge => MagnitudeEdge(1);

    private static double Rounded(double value) => Math.Round(value, 9);

    private struct Bin
    {
        public long Count, Priced;
        public double Made, Lost, Squares;

        public void Add(bool won, double? net)
        {
            Count++;
            if (net is not { } money) return;
            Priced++;
            if (won) Made += money;
            else Lost += money;
            Squares += money * money;
        }

        public void Add(in Bin other)
        {
            Count += other.Count;
            Priced += other.Priced;
            Made += other.Made;
            Lost += other.Lost;
            Squares += other.Squares;
        }

        public readonly Bin Less(in Bin other) => new()
        {
            Count = Count - other.Count,
            Priced = Priced - other.Priced,
            Made = Made - other.Made,
            Lost = Lost - other.Lost,
            Squares = Squares - other.Squares,
        };
    }
}

/// <summary>What one limit would have blocked.</summary>
/// <param name="Threshold">The limit, on the setting's scale.</param>
/// <param name="Blocked">Filled shadow trades outside it.</param>
/// <param name="Saved">What the losers among them lost, positive, base currency.</param>
/// <param name="Missed">What the winners among them made, base currency.</param>
public readonly record struct LimitOutcome(double Threshold, long Blocked, double Saved, double Missed);

/// <summary>A limit that would have done better than the present one.</summary>
/// <param name="Limit">The limit, on the setting's scale.</param>
/// <param name="Tighter">It blocks more.</param>
/// <param name="Gain">What it would have saved or made beyond the present one, base currency.</param>
/// <param name="Trades">Trades between the two.</param>
public readonly record struct LimitGain(double Limit, bool Tighter, double Gain, long Trades);
