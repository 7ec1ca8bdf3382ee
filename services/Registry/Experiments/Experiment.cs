using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Registry.Experiments;

/// <summary>A challenger beside a champion: who serves which request, and the evidence which of them is better. Memory is bounded;
/// thread-safe.</summary>
/// <remarks>
/// Requests are assigned by hash, so the same one goes to the same model. Errors and latency are of what each model served; money, calibration and
/// ranking are of every outcome, as both models score every opportunity, served or not. What it knows can be saved, since evidence takes a day.
/// </remarks>
public sealed class Experiment
{
    private const uint Magic = 0x50584551; // "QEXP"
    private const double TailLatency = 0.99;
    private readonly Lock _counting = new();
    private readonly PairedEvidence _money;
    private readonly Served _champion = new();
    private readonly Served _challenger = new();
    private readonly long[] _stageCounts = new long[2];
    private double _share;
    private DateTime _stageSince;

    /// <summary>An experiment that has seen nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="champion">Serves the rest.</param>
    /// <param name="challenger">Serves <paramref name="share"/>.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <param name="startedAt">When, UTC.</param>
    /// <param name="settings">How money is weighed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="RegistryRefusedException">The share is out of range.</exception>
    public Experiment(string name, ModelRef champion, ModelRef challenger, double share, DateTime startedAt, EvidenceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (Name, Champion, Challenger, StartedAt) = (name, champion, challenger, startedAt);
        _money = new PairedEvidence(settings);
        (_share, _stageSince) = (Checked(share), startedAt);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Serves the rest.</summary>
    public ModelRef Champion { get; }

    /// <summary>Serves <see cref="Share"/>.</summary>
    public ModelRef Challenger { get; }

    /// <summary>When it began, UTC.</summary>
    public DateTime StartedAt { get; }

    /// <summary>The challenger's share.</summary>
    public double Share
    {
        get
        {
            lock (_counting) return _share;
        }
    }

    /// <summary>Outcomes of opportunities that both have scored.</summary>
    public long Outcomes
    {
        get
        {
            lock (_counting) return _money.Outcomes;
        }
    }

    /// <summary>Net bps of the challenger less those of the champion, for each unit; at any time, 1 − α. Cheap enough to look after every
    /// outcome.</summary>
    public Interval GainBps
    {
        get
        {
            lock (_counting) return _money.Test.Interval;
        }
    }

    /// <summary>Counts a request that an arm has served.</summary>
    public void Predicted(Arm arm, TimeSpan latency, bool failed = false)
    {
        lock (_counting)
        {
            Served served = arm == Arm.Challenger ? _challenger : _champion;
            served.Predictions++;
            if (failed) served.Errors++;
            served.Latency.Add(latency);
            _stageCounts[(int)arm]++;
        }
    }

    /// <summary>Counts an outcome of an opportunity that both have scored.</summary>
    /// <exception cref="ArgumentException">A score is not between 0 and 1, or money is not finite.</exception>
    public void Learn(in PairedOutcome outcome)
    {
        outcome.Check();
        lock (_counting)
        {
            _money.Add(outcome);
            _champion.Scores.Add(outcome.ChampionScore, outcome.Won);
            _challenger.Scores.Add(outcome.ChallengerScore, outcome.Won);
        }
    }

    /// <summary>Gives the challenger another share; the ratio of the arms is counted anew, everything else goes on.</summary>
    /// <exception cref="RegistryRefusedException">The share is out of range.</exception>
    public void Ramp(double share, DateTime at)
    {
        lock (_counting)
        {
            (_share, _stageSince) = (Checked(share), at);
            Array.Clear(_stageCounts);
        }
    }

    /// <summary>How it stands at <paramref name="now"/>, UTC.</summary>
    public ExperimentStanding Standing(DateTime now)
    {
        lock (_counting)
        {
            return new ExperimentStanding
            {
                Experiment = Name,
                Champion = Champion,
                Challenger = Challenger,
                Share = _share,
                Age = now - StartedAt,
                StageAge = now - _stageSince,
                StagePredictions = _stageCounts[(int)Arm.Challenger],
                Outcomes = _money.Outcomes,
                Units = _money.Test.Count,
                GainBps = _money.Test.Interval,
                PValue = _money.Test.PValue,
                SampleRatioP = SampleRatioP(),
                ChampionArm = _champion.Standing(_money.Champion, _money.Outcomes),
                ChallengerArm = _challenger.Standing(_money.Challenger, _money.Outcomes),
            };
        }
    }

    /// <summary>Everything it knows; <see cref="Load"/> into one made alike continues bit for bit.</summary>
    public byte[] Save()
    {
        lock (_counting)
        {
            return SavedState.Write(Magic, writer =>
            {
                writer.Write(Name);
                writer.Write(_share);
                writer.Write(_stageSince.Ticks);
                foreach (long count in _stageCounts) writer.Write(count);
                _money.Write(writer);
                _champion.Write(writer);
                _challenger.Write(writer);
            });
        }
    }

    /// <summary>Takes what <see cref="Save"/> wrote, in place of what it knows.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, of another experiment or other settings, cut short or too long; it
    /// is of no use then.</exception>
    public void Load(ReadOnlySpan<byte> saved)
    {
        lock (_counting)
        {
            SavedState.Read(Magic, saved, "experiment", reader =>
            {
                if (reader.ReadString() is var name && name != Name)
                    throw new InvalidDataException($"evidence of experiment {name}, expected {Name}");
                _share = reader.ReadDouble();
                _stageSince = new DateTime(reader.ReadInt64(), DateTimeKind.Utc);
                for (int i = 0; i < _stageCounts.Length; i++) _stageCounts[i] = reader.ReadInt64();
                _money.Read(reader);
                _champion.Read(reader);
                _challenger.Read(reader);
            });
        }
    }

    private static double Checked(double share) => share is > 0 and <= 1
        ? share
        : throw new RegistryRefusedException(Refusal.Invalid, $"the challenger's share is {share}, expected above 0 and at most 1");

    // With the whole traffic on one arm there is no ratio to be wrong.
    private double SampleRatioP() =>
        _stageCounts.Sum() == 0 ? double.NaN : _share == 1 ? 1 : SampleRatio.Test(_stageCounts, [1 - _share, _share]).PValue;

    private sealed class Served
    {
        public long Predictions { get; set; }

        public long Errors { get; set; }

        public LatencySketch Latency { get; } = new();

        public ScoreQuality Scores { get; } = new();

        public ArmStanding Standing(Drawdown money, long outcomes) =>
            new(Predictions, Errors, Latency.Quantile(TailLatency), Scores.Ece, Scores.Auc, money.Total / outcomes, money.Deepest);

        public void Write(BinaryWriter writer)
        {
            writer.Write(Predictions);
            writer.Write(Errors);
            Latency.Write(writer);
            Scores.Write(writer);
        }

        public void Read(BinaryReader reader)
        {
            Predictions = reader.ReadInt64();
            Errors = reader.ReadInt64();
            Latency.Read(reader);
            Scores.Read(reader);
        }
    }
}
