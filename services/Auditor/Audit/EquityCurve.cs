namespace QuadTurbo.Auditor.Audit;

/// <summary>Cumulative net profit over the market's time, in bounded memory: the sums after the last trade of each stretch of time.</summary>
/// <remarks>
/// Stretches begin at one second and double whenever there are more than <see cref="MostPoints"/>. The sums are the lanes' own, so the last point is the
/// report's. A trade that becomes known out of order counts at the latest instant so far. Single writer.
/// </remarks>
public sealed class EquityCurve
{
    /// <summary>Most points that are kept.</summary>
    public const int MostPoints = 4096;

    private readonly List<EquitySums> _points = [];
    private long _width = TimeSpan.TicksPerSecond;

    /// <summary>A curve without points.</summary>
    public EquityCurve()
    {
    }

    private EquityCurve(EquityCurve other) => (_points, _width) = ([.. other._points], other._width);

    /// <summary>The points in order of time.</summary>
    public IReadOnlyList<EquitySums> Points => _points;

    /// <summary>Takes up the sums after one trade.</summary>
    public void Add(in EquitySums sums)
    {
        EquitySums last = _points.Count > 0 ? _points[^1] : sums;
        EquitySums next = sums.At < last.At ? sums with { At = last.At } : sums;
        if (_points.Count > 0 && next.At.Ticks / _width == last.At.Ticks / _width) _points[^1] = next;
        else _points.Add(next);
        while (_points.Count > MostPoints) Merge(_points, _width *= 2);
    }

    /// <summary>At most <paramref name="most"/> points: the last of each of equally long stretches, and always the last of all.</summary>
    public IReadOnlyList<EquitySums> Thin(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var thin = new EquityCurve(this);
        while (thin._points.Count > most) Merge(thin._points, thin._width *= 2);
        return thin._points;
    }

    private static void Merge(List<EquitySums> points, long width)
    {
        int kept = 0;
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].At.Ticks / width != points[kept].At.Ticks / width) kept++;
            points[kept] = points[i];
        }
        points.RemoveRange(kept + 1, points.Count - kept - 1);
    }
}

/// <summary>What the lanes had earned, base currency.</summary>
/// <param name="At">When, UTC, on the market's clock.</param>
/// <param name="Production">Lane 1.</param>
/// <param name="ShadowPassed">Lane 2, what passed.</param>
/// <param name="ShadowAll">Lane 2.</param>
public readonly record struct EquitySums(DateTime At, decimal Production, decimal ShadowPassed, decimal ShadowAll);
