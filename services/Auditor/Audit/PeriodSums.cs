using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Audit;

/// <summary>Sums of one hour or day.</summary>
internal sealed class PeriodSum
{
    public long Detected { get; set; }

    public long Trades { get; set; }

    public decimal Net { get; set; }

    public decimal ShadowNet { get; set; }
}

/// <summary>Sums by hour or day, the last ones. Not thread-safe.</summary>
/// <param name="length">How long one is.</param>
/// <param name="most">How many are kept; the earliest gives way.</param>
internal sealed class PeriodSums(TimeSpan length, int most)
{
    private readonly SortedDictionary<long, PeriodSum> _sums = [];
    private long _lastNumber = -1;
    private PeriodSum _last = new();

    /// <summary>The sums that an instant belongs to.</summary>
    public PeriodSum At(DateTime instant)
    {
        long number = instant.Ticks / length.Ticks;
        if (number == _lastNumber) return _last;
        if (!_sums.TryGetValue(number, out PeriodSum? sum))
        {
            _sums[number] = sum = new PeriodSum();
            if (_sums.Count > most) _sums.Remove(_sums.First().Key);
        }
        (_lastNumber, _last) = (number, sum);
        return sum;
    }

    /// <summary>Every one that is kept, the newest first.</summary>
    public IReadOnlyList<PeriodFigures> Read() =>
        [.. _sums.Reverse().Select(s => new PeriodFigures(new DateTime(s.Key * length.Ticks, DateTimeKind.Utc), s.Value.Detected, s.Value.Trades, s.Value.Net, s.Value.ShadowNet))];
}
