using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Sequential;

/// <summary>Sequential probability ratio test of two simple hypotheses (Wald 1945). Not thread-safe.</summary>
/// <remarks>
/// Sums ln of likelihood under the alternative / under the null; at or above ln((1 − β) / α) the alternative is accepted, at or below
/// ln(β / (1 − α)) the null, and samples after that change nothing. Chance of a false alternative at most α / (1 − β), of a false null at most β /
/// (1 − α).
/// </remarks>
public sealed class Sprt
{
    private const uint Magic = 0x50535451; // "QTSP"
    private readonly Law _law;
    private readonly double _null;
    private readonly double _alternative;
    private readonly double _deviation;
    private readonly double _alpha;
    private readonly double _beta;

    private Sprt(Law law, double atNull, double atAlternative, double deviation, double alpha, double beta)
    {
        if (!(alpha > 0 && beta > 0 && alpha + beta < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), $"α = {alpha} and β = {beta} are above 0 and below 1 together");
        if (atNull == atAlternative) throw new ArgumentException($"both hypotheses say {atNull}", nameof(atAlternative));
        (_law, _null, _alternative, _deviation, _alpha, _beta) = (law, atNull, atAlternative, deviation, alpha, beta);
        Upper = Math.Log((1 - beta) / alpha);
        Lower = Math.Log(beta / (1 - alpha));
    }

    private enum Law
    {
        Bernoulli,
        Normal,
    }

    /// <summary>Where the alternative is accepted.</summary>
    public double Upper { get; }

    /// <summary>Where the null is accepted.</summary>
    public double Lower { get; }

    /// <summary>The log of the likelihood ratio so far.</summary>
    public double LogRatio { get; private set; }

    /// <summary>Samples that counted.</summary>
    public long Count { get; private set; }

    /// <summary>What it says.</summary>
    public SprtDecision Decision =>
        LogRatio >= Upper ? SprtDecision.AcceptAlternative : LogRatio <= Lower ? SprtDecision.AcceptNull : SprtDecision.Continue;

    /// <summary>Average number of samples when the null holds, by Wald's approximation: no overshoot.</summary>
    public double ExpectedUnderNull => ((1 - _alpha) * Lower + _alpha * Upper) / MeanStep(_null);

    /// <summary>Average number of samples when the alternative holds, by Wald's approximation: no overshoot.</summary>
    public double ExpectedUnderAlternative => (_beta * Lower + (1 - _beta) * Upper) / MeanStep(_alternative);

    /// <summary>A test of a share of hits.</summary>
    /// <param name="share">Under the null: between 0 and 1.</param>
    /// <param name="alternative">Under the alternative.</param>
    /// <param name="alpha">Chance of a false alternative.</param>
    /// <param name="beta">Chance of a false null.</param>
    /// <exception cref="ArgumentException">The shares are equal, or a number is not between 0 and 1.</exception>
    public static Sprt OfShare(double share, double alternative, double alpha = 0.05, double beta = 0.2)
    {
        if (!(share is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "between 0 and 1");
        if (!(alternative is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(alternative), alternative, "between 0 and 1");
        return new Sprt(Law.Bernoulli, share, alternative, 0, alpha, beta);
    }

    /// <summary>A test of the mean of a normal of known standard deviation.</summary>
    /// <param name="mean">Under the null.</param>
    /// <param name="alternative">Under the alternative.</param>
    /// <param name="deviation">Standard deviation, above 0.</param>
    /// <param name="alpha">Chance of a false alternative.</param>
    /// <param name="beta">Chance of a false null.</param>
    /// <exception cref="ArgumentException">The means are equal or not finite, or another number is out of range.</exception>
    public static Sprt OfMean(double mean, double alternative, double deviation, double alpha = 0.05, double beta = 0.2)
    {
        if (!double.IsFinite(mean)) throw new ArgumentOutOfRangeException(nameof(mean), mean, "finite");
        if (!double.IsFinite(alternative)) throw new ArgumentOutOfRangeException(nameof(alternative), alternative, "finite");
        if (!(deviation > 0 && double.IsFinite(deviation))) throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "finite and above 0");
        return new Sprt(Law.Normal, mean, alternative, deviation, alpha, beta);
    }

    /// <summary>Takes one sample: 1 or 0 for a share, a value for a mean.</summary>
    /// <exception cref="ArgumentException">It is not finite, or neither 1 nor 0 for a share.</exception>
    public SprtDecision Add(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"a sample of {value}: only finite numbers", nameof(value));
        if (_law == Law.Bernoulli && value is not (0 or 1))
            throw new ArgumentException($"a sample of {value}: a share counts 1 and 0", nameof(value));
        if (Decision != SprtDecision.Continue) return Decision;
        Count++;
        LogRatio += MeanStep(value);
        return Decision;
    }

    /// <summary>Everything it knows; a test restored from it continues bit for bit.</summary>
    public byte[] Save() => SavedState.Write(Magic, writer =>
    {
        writer.Write((byte)_law);
        foreach (double value in (ReadOnlySpan<double>)[_null, _alternative, _deviation, _alpha, _beta, LogRatio]) writer.Write(value);
        writer.Write(Count);
    });

    /// <summary>The test that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, are cut short or go on too long.</exception>
    public static Sprt Restore(ReadOnlySpan<byte> saved) => SavedState.Read(Magic, saved, "probability ratio test", reader =>
    {
        var law = (Law)reader.ReadByte();
        double atNull = reader.ReadDouble(), atAlternative = reader.ReadDouble(), deviation = reader.ReadDouble();
        double alpha = reader.ReadDouble(), beta = reader.ReadDouble();
        Sprt test = law switch
        {
            Law.Bernoulli => OfShare(atNull, atAlternative, alpha, beta),
            Law.Normal => OfMean(atNull, atAlternative, deviation, alpha, beta),
            _ => throw new InvalidDataException($"not a probability ratio test: law {(int)law}"),
        };
        test.LogRatio = reader.ReadDouble();
        test.Count = reader.ReadInt64();
        return test;
    });

    // The step is linear in the sample, so its mean is the step of the mean.
    private double MeanStep(double value) => _law == Law.Bernoulli
        ? value * Math.Log(_alternative / _null) + (1 - value) * Math.Log((1 - _alternative) / (1 - _null))
        : (_alternative - _null) * (value - (_null + _alternative) / 2) / (_deviation * _deviation);
}
