namespace QuadTurbo.Learning.Metrics;

/// <summary>What <see cref="PrequentialMetrics"/> has measured so far.</summary>
/// <param name="Count">Scored samples.</param>
/// <param name="Positives">Those with label 1.</param>
/// <param name="LogLoss">Mean, nats; NaN of nothing.</param>
/// <param name="Brier">Mean squared error; NaN of nothing.</param>
/// <param name="Accuracy">Share foretold by "score ≥ 0.5"; NaN of nothing.</param>
/// <param name="Auc">Of all samples, scores in <see cref="PrequentialMetrics.HistogramBins"/> bins whose ties count half; NaN when a class is absent.</param>
public readonly record struct PrequentialFigures(
    long Count, long Positives, double LogLoss, double Brier, double Accuracy, double Auc);

/// <summary>Measures scores that were given before their labels were known; memory is bounded, nothing is allocated per sample.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class PrequentialMetrics
{
    /// <summary>Samples whose AUC is exact.</summary>
    public const int Window = 20_000;

    /// <summary>Bins of equal width over the scores 0 to 1.</summary>
    public const int HistogramBins = 1_000;

    private const uint Magic = 0x51455251;
    private readonly double[] _scores = new double[Window];
    private readonly bool[] _labels = new bool[Window];
    private readonly long[] _positiveBins = new long[HistogramBins];
    private readonly long[] _negativeBins = new long[HistogramBins];
    private double _logLoss, _brier;
    private long _right;

    /// <summary>Scored samples.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one score and what happened.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The score is not a probability.</exception>
    public void Add(double score, bool label)
    {
        if (!(score >= 0 && score <= 1)) throw new ArgumentOutOfRangeException(nameof(score), score, "between 0 and 1");
        _logLoss += Classification.LogLoss(score, label);
        _brier += Classification.Brier(score, label);
        if (score >= 0.5 == label) _right++;
        int bin = Math.Min((int)(score * HistogramBins), HistogramBins - 1);
        (label ? _positiveBins : _negativeBins)[bin]++;
        _scores[Count % Window] = score;
        _labels[Count % Window] = label;
        Count++;
    }

    /// <summary>The figures so far.</summary>
    public PrequentialFigures Read()
    {
        (double auc, long positives) = HistogramAuc();
        return new PrequentialFigures(Count, positives, _logLoss / Count, _brier / Count, (double)_right / Count, auc);
    }

    /// <summary>Exact AUC of the last <see cref="Window"/> samples; NaN when a class is absent there. Sorts them, so not for every sample.</summary>
    public double RecentAuc()
    {
        int recent = (int)Math.Min(Count, Window);
        return Classification.Auc(_scores.AsSpan(0, recent), _labels.AsSpan(0, recent));
    }

    /// <summary>The last samples in order of arrival, at most <see cref="Window"/>: input of <see cref="Bootstrap.AucStandardError"/>.</summary>
    public (double[] Scores, bool[] Labels) Recent()
    {
        int length = (int)Math.Min(Count, Window);
        var scores = new double[length];
        var labels = new bool[length];
        for (int i = 0; i < length; i++)
        {
            long at = (Count - length + i) % Window;
            (scores[i], labels[i]) = (_scores[at], _labels[at]);
        }
        return (scores, labels);
    }

    /// <summary>Everything it knows; restored from it, it continues bit for bit.</summary>
    public byte[] Save()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(Magic);
        writer.Write(Count);
        writer.Write(_logLoss);
        writer.Write(_brier);
        writer.Write(_right);
        for (int b = 0; b < HistogramBins; b++)
        {
            writer.Write(_positiveBins[b]);
            writer.Write(_negativeBins[b]);
        }
        for (int i = 0; i < Math.Min(Count, Window); i++)
        {
            writer.Write(_scores[i]);
            writer.Write(_labels[i]);
        }
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>The metrics that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not saved metrics.</exception>
    public static PrequentialMetrics Restore(ReadOnlySpan<byte> saved)
    {
        using var memory = new MemoryStream(saved.ToArray(), writable: false);
        using var reader = new BinaryReader(memory);
        try
        {
            if (reader.ReadUInt32() != Magic) throw new InvalidDataException("not saved metrics");
            var metrics = new PrequentialMetrics
            {
                Count = reader.ReadInt64(),
                _logLoss = reader.ReadDouble(),
                _brier = reader.ReadDouble(),
                _right = reader.ReadInt64(),
            };
            for (int b = 0; b < HistogramBins; b++)
                (metrics._positiveBins[b], metrics._negativeBins[b]) = (reader.ReadInt64(), reader.ReadInt64());
            for (int i = 0; i < Math.Min(metrics.Count, Window); i++)
                (metrics._scores[i], metrics._labels[i]) = (reader.ReadDouble(), reader.ReadBoolean());
            return memory.Position == memory.Length ? metrics : throw new InvalidDataException("bytes too many after saved metrics");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("saved metrics are cut short", e);
        }
    }

    private (double Auc, long Positives) HistogramAuc()
    {
        long positives = 0, negatives = 0;
        double wins = 0;
        for (int b = 0; b < HistogramBins; b++)
        {
            wins += _positiveBins[b] * (negatives + 0.5 * _negativeBins[b]);
            positives += _positiveBins[b];
            negatives += _negativeBins[b];
        }
        return (wins / ((double)positives * negatives), positives);
    }
}
