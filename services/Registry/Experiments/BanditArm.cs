using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Registry.Experiments;

/// <summary>What a bandit knows of one arm: discounted count, sum and sum of squares of its rewards.</summary>
internal struct BanditArm
{
    private double _count;
    private double _sum;
    private double _squares;

    /// <summary>Rewards, each for what it still counts.</summary>
    public readonly double Count => _count;

    /// <summary>Every reward so far counts less.</summary>
    public void Fade(double discount)
    {
        _count *= discount;
        _sum *= discount;
        _squares *= discount;
    }

    public void Add(double reward)
    {
        _count++;
        _sum += reward;
        _squares += reward * reward;
    }

    /// <summary>A draw of the arm's mean from its posterior.</summary>
    /// <remarks>
    /// Bernoulli: Beta(1 + Σ wins, 1 + Σ losses), as X / (X + Y) of two gammas. Normal: normal-inverse-gamma with μ₀ = 0, κ₀ = 1, a₀ = 2, b₀ = σ₀²
    /// (mean variance σ₀²): precision λ ~ Gamma(a, b), mean ~ N(m, 1 / (κ λ)), which is Student's t (Murphy 2007, section 3).
    /// </remarks>
    public readonly double Draw(RewardLaw law, double priorDeviation, ref SplitMix64 random)
    {
        if (law == RewardLaw.Bernoulli)
        {
            double x = Gamma(1 + _sum, ref random), y = Gamma(1 + Math.Max(0, _count - _sum), ref random);
            return x / (x + y);
        }
        double kappa = 1 + _count, mean = _sum / kappa;
        double b = priorDeviation * priorDeviation + Math.Max(0, _squares - _sum * _sum / kappa) / 2;
        double precision = Gamma(2 + _count / 2, ref random) / b;
        return mean + random.NextNormal() / Math.Sqrt(kappa * precision);
    }

    // Marsaglia and Tsang 2000, for shapes of 1 and more.
    private static double Gamma(double shape, ref SplitMix64 random)
    {
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = random.NextNormal(), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < x * x / 2 + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}
