namespace QuadTurbo.Learning.Online;

/// <summary>Running mean and variance of one feature.</summary>
/// <remarks>Welford 1962; past the horizon each value counts 1 / horizon, so old ones fade exponentially.</remarks>
internal struct RunningMoments
{
    /// <summary>Values seen, at most the horizon.</summary>
    public int Count;

    /// <summary>Their mean.</summary>
    public double Mean;

    /// <summary>Their variance, divided by the count.</summary>
    public double Variance;

    /// <summary>1 / sd; 0 while nothing has varied.</summary>
    public readonly double InverseDeviation => Variance > 0 ? 1 / Math.Sqrt(Variance) : 0;

    public void Add(double value, int horizon)
    {
        if (Count < horizon) Count++;
        double rate = 1.0 / Count;
        double before = value - Mean;
        Mean += before * rate;
        Variance += (before * (value - Mean) - Variance) * rate;
    }
}
