namespace QuadTurbo.Registry.Experiments;

/// <summary>How well scores foretell wins, in bounded memory: calibration error and AUC of all samples, or of the last ones. Not
/// thread-safe.</summary>
/// <remarks>
/// ECE over 15 bins of equal width ((m − 1)/15, m/15], a score of 0 in the first (learning.md section 5). AUC from ranks of scores in 4,096 bins,
/// whose ties count half. Scores are summed in steps of 2⁻³², so that what leaves the window leaves no rounding behind.
/// </remarks>
public sealed class ScoreQuality
{
    /// <summary>Bins of the calibration error.</summary>
    public const int Bins = 15;

    private const int Ranks = 4_096;
    private const double Step = 1.0 / (1L << 32);
    private readonly int _window;
    private readonly (double Score, bool Won)[] _last;
    private readonly long[] _wins = new long[Bins];
    private readonly long[] _scores = new long[Bins];
    private readonly long[] _spread = new long[Bins];
    private readonly long[] _winsByRank = new long[Ranks];
    private readonly long[] _lossesByRank = new long[Ranks];
    private long _taken;

    /// <summary>Nothing measured yet.</summary>
    /// <param name="window">Samples that count, the last ones; 0 for all.</param>
    public ScoreQuality(int window = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        _window = window;
        _last = new (double, bool)[window];
    }

    /// <summary>Samples that count.</summary>
    public long Count => _window > 0 ? Math.Min(_taken, _window) : _taken;

    /// <summary>Expected calibration error; NaN of nothing.</summary>
    public double Ece
    {
        get
        {
            double error = 0;
            for (int b = 0; b < Bins; b++) error += Math.Abs(_wins[b] - _scores[b] * Step);
            return error / Count;
        }
    }

    /// <summary>The calibration error that scores without fault stay below but for one chance in some thirty thousand; NaN of nothing.</summary>
    /// <remarks>
    /// In a bin of n samples the sum of y − p is near normal, of variance v = Σ p (1 − p): its absolute value has the mean √(2 v / π) and the
    /// variance v (1 − 2 / π). The mean of the sum over bins and 4 of its standard deviations.
    /// </remarks>
    public double EceOfChance
    {
        get
        {
            double mean = 0, variance = 0;
            for (int b = 0; b < Bins; b++)
            {
                double v = _spread[b] * Step;
                mean += Math.Sqrt(2 * v / Math.PI);
                variance += v * (1 - 2 / Math.PI);
            }
            return (mean + 4 * Math.Sqrt(variance)) / Count;
        }
    }

    /// <summary>Area under the ROC curve; NaN when there are no wins or no losses.</summary>
    public double Auc
    {
        get
        {
            long wins = 0, losses = 0;
            double above = 0;
            for (int r = 0; r < Ranks; r++)
            {
                above += _winsByRank[r] * (losses + _lossesByRank[r] / 2.0);
                wins += _winsByRank[r];
                losses += _lossesByRank[r];
            }
            return above / wins / losses;
        }
    }

    /// <summary>Takes a score and what happened.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The score is not between 0 and 1.</exception>
    public void Add(double score, bool won)
    {
        if (!(score is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(score), score, "a score is between 0 and 1");
        if (_window > 0)
        {
            ref (double Score, bool Won) slot = ref _last[_taken % _window];
            if (_taken >= _window) Tally(slot.Score, slot.Won, -1);
            slot = (score, won);
        }
        Tally(score, won, 1);
        _taken++;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_window);
        writer.Write(_taken);
        if (_window > 0)
        {
            for (long i = Math.Max(0, _taken - _window); i < _taken; i++)
            {
                writer.Write(_last[i % _window].Score);
                writer.Write(_last[i % _window].Won);
            }
            return;
        }
        foreach (long[] counts in Tables)
            foreach (long count in counts) writer.Write(count);
    }

    internal void Read(BinaryReader reader)
    {
        if (reader.ReadInt32() is var window && window != _window)
            throw new InvalidDataException($"a window of {window} samples, expected {_window}");
        _taken = reader.ReadInt64();
        foreach (long[] counts in Tables) Array.Clear(counts);
        if (_window == 0)
        {
            foreach (long[] counts in Tables)
                for (int i = 0; i < counts.Length; i++) counts[i] = reader.ReadInt64();
            return;
        }
        for (long i = Math.Max(0, _taken - _window); i < _taken; i++)
        {
            (double score, bool won) = (reader.ReadDouble(), reader.ReadBoolean());
            if (!(score is >= 0 and <= 1)) throw new InvalidDataException($"a score of {score}");
            _last[i % _window] = (score, won);
            Tally(score, won, 1);
        }
    }

    private long[][] Tables => [_wins, _scores, _spread, _winsByRank, _lossesByRank];

    private void Tally(double score, bool won, int sign)
    {
        // The product may round across an edge; the edge itself, m/15 as a double, decides.
        int bin = Math.Clamp((int)Math.Ceiling(score * Bins) - 1, 0, Bins - 1);
        if (bin > 0 && score <= (double)bin / Bins) bin--;
        else if (bin < Bins - 1 && score > (double)(bin + 1) / Bins) bin++;
        _scores[bin] += sign * (long)Math.Round(score / Step);
        _spread[bin] += sign * (long)Math.Round(score * (1 - score) / Step);
        (won ? _winsByRank : _lossesByRank)[Math.Min((int)(score * Ranks), Ranks - 1)] += sign;
        if (won) _wins[bin] += sign;
    }
}
