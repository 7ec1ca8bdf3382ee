using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Registry.Experiments;

/// <summary>A choice of a bandit, as it is logged.</summary>
/// <param name="Arm">Index of the arm.</param>
/// <param name="Propensity">The chance that it had of being chosen: exactly, so that what it earned can be weighed by it.</param>
public readonly record struct BanditChoice(int Arm, double Propensity);

/// <summary>Routes requests to the models that seem best, and goes on trying the others: discounted Thompson sampling. Thread-safe.</summary>
/// <remarks>
/// The chance of being best has no closed form for more than two arms, and an estimate of what was done is no propensity. So the estimate is made
/// what is done: p = share of <see cref="BanditSettings.Draws"/> posterior draws that each arm wins, then the arm is drawn from floor + (1 − K
/// floor) p.
/// Propensities are drawn anew after each reward. Every reward fades all arms (Raj and Kalyani 2017). Equal seeds give equal choices.
/// Sources: Thompson 1933; Russo et al. 2018. While an experiment runs, its traffic is not routed by a bandit.
/// </remarks>
public sealed class Bandit
{
    private readonly BanditSettings _settings;
    private readonly BanditArm[] _arms;
    private readonly double[] _propensities;
    private readonly Lock _routing = new();
    private SplitMix64 _random;
    private bool _stale = true;

    /// <summary>A bandit that has learnt nothing: every arm alike.</summary>
    /// <param name="arms">How many, at least 2.</param>
    /// <param name="seed">Of its draws.</param>
    /// <param name="settings">How it routes.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Bandit(int arms, long seed, BanditSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        if (arms < 2) throw new ArgumentOutOfRangeException(nameof(arms), arms, "at least 2");
        if (!(settings.Floor * arms < 1))
            throw new ArgumentException($"a floor of {settings.Floor} for each of {arms} arms, expected below 1 together", nameof(settings));
        (_settings, _arms, _propensities) = (settings, new BanditArm[arms], new double[arms]);
        _random = SplitMix64.Stream(seed, "bandit");
    }

    /// <summary>The chance of each arm to be chosen next: [arms], sums to 1.</summary>
    public IReadOnlyList<double> Propensities
    {
        get
        {
            lock (_routing)
            {
                Refresh();
                return [.. _propensities];
            }
        }
    }

    /// <summary>Chooses an arm.</summary>
    public BanditChoice Choose()
    {
        lock (_routing)
        {
            Refresh();
            double left = _random.NextDouble();
            int arm = 0;
            while (arm < _arms.Length - 1 && (left -= _propensities[arm]) >= 0) arm++;
            return new BanditChoice(arm, _propensities[arm]);
        }
    }

    /// <summary>Learns what an arm has earned.</summary>
    /// <param name="arm">Index of the arm.</param>
    /// <param name="reward">1 or 0, or net bps.</param>
    /// <exception cref="ArgumentException">There is no such arm, or the reward is not one of the law.</exception>
    public void Learn(int arm, double reward)
    {
        if ((uint)arm >= (uint)_arms.Length) throw new ArgumentOutOfRangeException(nameof(arm), arm, $"0 to {_arms.Length - 1}");
        if (!double.IsFinite(reward)) throw new ArgumentException($"a reward of {reward}: only finite numbers", nameof(reward));
        if (_settings.Law == RewardLaw.Bernoulli && reward is not (0 or 1))
            throw new ArgumentException($"a reward of {reward}: wins are 1, losses 0", nameof(reward));
        lock (_routing)
        {
            foreach (ref BanditArm a in _arms.AsSpan()) a.Fade(_settings.Discount);
            _arms[arm].Add(reward);
            _stale = true;
        }
    }

    private void Refresh()
    {
        if (!_stale) return;
        var wins = new int[_arms.Length];
        for (int draw = 0; draw < _settings.Draws; draw++)
        {
            int best = 0;
            double highest = double.NegativeInfinity;
            for (int a = 0; a < _arms.Length; a++)
            {
                double mean = _arms[a].Draw(_settings.Law, _settings.PriorDeviation, ref _random);
                if (mean > highest) (best, highest) = (a, mean);
            }
            wins[best]++;
        }
        for (int a = 0; a < wins.Length; a++)
            _propensities[a] = _settings.Floor + (1 - _arms.Length * _settings.Floor) * wins[a] / _settings.Draws;
        _stale = false;
    }
}
