using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Registry.Experiments;

/// <summary>What an arm would have earned had every request gone to it, told from a log of choices with their propensities. Not
/// thread-safe.</summary>
/// <remarks>
/// With w = 1{chosen} / propensity and r the reward (Horvitz and Thompson 1952; Swaminathan and Joachims 2015; Dudík, Langford and Li 2011):
/// IPS = mean(w r), unbiased; SNIPS = Σ w r / Σ w, less variance and a bias that fades; DR = mean(q + w (r − q)), where q is the arm's mean reward
/// of the choices before, so it is known before the choice and DR stays unbiased.
/// </remarks>
public sealed class OffPolicyValue
{
    private const double Z95 = 1.959963984540054;
    private Moments _ips;
    private Moments _doublyRobust;
    private Moments _seen;
    private double _weights;
    private double _squares;
    private double _earned;

    /// <summary>An arm's value; nothing logged yet.</summary>
    /// <param name="arm">Index of the arm.</param>
    public OffPolicyValue(int arm) => Arm = arm;

    /// <summary>Index of the arm.</summary>
    public int Arm { get; }

    /// <summary>Choices logged, of any arm.</summary>
    public long Count => _ips.Count;

    /// <summary>Inverse propensity score; NaN of nothing, its ends of fewer than 2.</summary>
    public Interval Ips => Around(_ips);

    /// <summary>Self-normalised inverse propensity score; NaN until the arm was chosen.</summary>
    public double Snips => _earned / _weights;

    /// <summary>Doubly robust; NaN of nothing, its ends of fewer than 2.</summary>
    public Interval DoublyRobust => Around(_doublyRobust);

    /// <summary>(Σ w)² / Σ w²: choices of equal weight that would tell as much; NaN until the arm was chosen.</summary>
    public double EffectiveCount => _weights * _weights / _squares;

    /// <summary>Takes one choice from the log, and what it earned.</summary>
    /// <exception cref="ArgumentException">The propensity is not above 0 and at most 1, or the reward is not finite.</exception>
    public void Add(BanditChoice choice, double reward)
    {
        if (!(choice.Propensity is > 0 and <= 1))
            throw new ArgumentException($"a propensity of {choice.Propensity}: above 0 and at most 1", nameof(choice));
        if (!double.IsFinite(reward)) throw new ArgumentException($"a reward of {reward}: only finite numbers", nameof(reward));
        double weight = choice.Arm == Arm ? 1 / choice.Propensity : 0, guess = _seen.Count > 0 ? _seen.Mean : 0;
        _ips.Add(weight * reward);
        _doublyRobust.Add(guess + weight * (reward - guess));
        _weights += weight;
        _squares += weight * weight;
        _earned += weight * reward;
        if (weight > 0) _seen.Add(reward);
    }

    private static Interval Around(Moments moments)
    {
        double half = Z95 * Math.Sqrt(moments.Variance / moments.Count);
        return new Interval(moments.Mean, moments.Mean - half, moments.Mean + half);
    }
}
