using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Promotion;

/// <summary>Watches a version from the moment it serves, beside the one before, which goes on scoring in shadow; says when to go back.
/// Thread-safe.</summary>
/// <remarks>
/// Money: the always-valid test of paired net bps since promotion, mirrored: breached when the whole interval is below 0, so the chance that an equal
/// model is ever sent back for money is at most α. Calibration, drawdown, errors and latency are limits. The first breach stays.
/// </remarks>
public sealed class RollbackGuard
{
    private const uint Magic = 0x44524751; // "QGRD"
    private const double TailLatency = 0.99;
    private readonly RollbackPolicy _policy;
    private readonly TimeSpan? _latencyBefore;
    private readonly Lock _counting = new();
    private readonly PairedEvidence _money;
    private readonly ScoreQuality _before;
    private readonly ScoreQuality _serving;
    private readonly LatencySketch _latency = new();
    private readonly bool[] _failed;
    private long _requests;
    private int _errors;
    private Breach? _breach;

    /// <summary>A guard that has seen nothing.</summary>
    /// <param name="policy">Its limits.</param>
    /// <param name="serving">The version that serves from now on.</param>
    /// <param name="warm">The versions to go back to, the latest first; those that stay loaded.</param>
    /// <param name="latencyBefore">P99 of the version before, while it served; null where it is not known, and latency is not watched.</param>
    /// <exception cref="ArgumentException">There is nothing to go back to, or a limit is out of range.</exception>
    public RollbackGuard(RollbackPolicy policy, ModelRef serving, IReadOnlyList<ModelRef> warm, TimeSpan? latencyBefore = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(warm);
        if (warm.Count == 0) throw new ArgumentException($"nothing that {serving} could go back to", nameof(warm));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(policy.ErrorWindow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(policy.CalibrationWindow);
        (_policy, _latencyBefore, Serving, Warm) = (policy, latencyBefore, serving, warm);
        _money = new PairedEvidence(policy.Money);
        _before = new ScoreQuality(policy.CalibrationWindow);
        _serving = new ScoreQuality(policy.CalibrationWindow);
        _failed = new bool[policy.ErrorWindow];
    }

    /// <summary>The version that is watched.</summary>
    public ModelRef Serving { get; }

    /// <summary>The versions that stay loaded, the latest first.</summary>
    public IReadOnlyList<ModelRef> Warm { get; }

    /// <summary>The version to go back to.</summary>
    public ModelRef Target => Warm[0];

    /// <summary>Why it must go; null while it may stay.</summary>
    public Breach? Breach
    {
        get
        {
            lock (_counting) return _breach;
        }
    }

    /// <summary>Net bps of the serving version less those of the one before, for each unit; at any time, 1 − α.</summary>
    public Interval GainBps
    {
        get
        {
            lock (_counting) return _money.Test.Interval;
        }
    }

    /// <summary>Counts an outcome that both have foretold: the version before as champion, the one that serves as challenger.</summary>
    /// <returns>The breach, this one's or an earlier one's; null while it may stay.</returns>
    /// <exception cref="ArgumentException">A score is not between 0 and 1, or money is not finite.</exception>
    public Breach? Learn(in PairedOutcome outcome)
    {
        outcome.Check();
        lock (_counting)
        {
            _money.Add(outcome);
            _before.Add(outcome.ChampionScore, outcome.Won);
            _serving.Add(outcome.ChallengerScore, outcome.Won);
            return _breach ??= Money() ?? Calibration() ?? Drawdown();
        }
    }

    /// <summary>Counts a request that the version has served.</summary>
    /// <returns>The breach, this one's or an earlier one's; null while it may stay.</returns>
    public Breach? Predicted(TimeSpan latency, bool failed = false)
    {
        lock (_counting)
        {
            ref bool slot = ref _failed[_requests++ % _failed.Length];
            _errors += (failed ? 1 : 0) - (slot ? 1 : 0);
            slot = failed;
            if (_latency.Count == _policy.LatencyWindow) _latency.Clear();
            _latency.Add(latency);
            return _breach ??= Errors() ?? Latency();
        }
    }

    /// <summary>Everything it knows; <see cref="Load"/> into one made alike continues bit for bit.</summary>
    public byte[] Save()
    {
        lock (_counting)
        {
            return SavedState.Write(Magic, writer =>
            {
                writer.Write(Serving.Id);
                _money.Write(writer);
                _before.Write(writer);
                _serving.Write(writer);
                _latency.Write(writer);
                writer.Write(_requests);
                writer.Write(_failed.Length);
                foreach (bool failed in _failed) writer.Write(failed);
                writer.Write(_breach is not null);
                if (_breach is null) return;
                writer.Write((int)_breach.Cause);
                writer.Write(_breach.Measured);
                writer.Write(_breach.Limit);
                writer.Write(_breach.Why);
            });
        }
    }

    /// <summary>Takes what <see cref="Save"/> wrote, in place of what it knows.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, of another version or other limits, cut short or too long; it is of
    /// no use then.</exception>
    public void Load(ReadOnlySpan<byte> saved)
    {
        lock (_counting)
        {
            SavedState.Read(Magic, saved, "guard", reader =>
            {
                if (reader.ReadString() is var id && id != Serving.Id) throw new InvalidDataException($"evidence of {id}, expected {Serving.Id}");
                _money.Read(reader);
                _before.Read(reader);
                _serving.Read(reader);
                _latency.Read(reader);
                _requests = reader.ReadInt64();
                if (reader.ReadInt32() is var length && length != _failed.Length)
                    throw new InvalidDataException($"a window of {length} requests, expected {_failed.Length}");
                for (int i = 0; i < _failed.Length; i++) _failed[i] = reader.ReadBoolean();
                _errors = _failed.Count(f => f);
                _breach = reader.ReadBoolean()
                    ? new Breach((BreachCause)reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadString())
                    : null;
            });
        }
    }

    private Breach? Money()
    {
        Interval gain = _money.Test.Interval;
        return gain.High < 0
            ? new Breach(
                BreachCause.NetBps, gain.High, 0,
                $"{gain.Estimate:0.00} [{gain.Low:0.00}, {gain.High:0.00}] net bps against {Target.Label} over {_money.Test.Count} samples; "
                + "the interval must reach 0")
            : null;
    }

    // Above the version before, and above what chance gives: both have the same outcomes, so the noise of small samples is in both.
    private Breach? Calibration()
    {
        if (_serving.Count < _policy.MinOutcomes) return null;
        double ece = _serving.Ece, limit = Math.Max(_before.Ece + _policy.EceSlack, _serving.EceOfChance);
        return ece > limit
            ? new Breach(
                BreachCause.Calibration, ece, limit,
                $"calibration error {ece:0.000} over the last {_serving.Count} outcomes; at most {limit:0.000}")
            : null;
    }

    private Breach? Drawdown()
    {
        double fall = _money.Challenger.Deepest, limit = Math.Max(_policy.DrawdownBps, _money.Champion.Deepest * _policy.DrawdownRatio);
        return fall > limit
            ? new Breach(
                BreachCause.Drawdown, fall, limit,
                $"its money fell by {fall:0} bps, that of {Target.Label} by {_money.Champion.Deepest:0} bps; at most {limit:0} bps")
            : null;
    }

    private Breach? Errors() => _errors > _policy.MaxErrors
        ? new Breach(
            BreachCause.Errors, _errors, _policy.MaxErrors,
            $"{_errors} of the last {Math.Min(_requests, _failed.Length)} requests failed; at most {_policy.MaxErrors}")
        : null;

    private Breach? Latency()
    {
        const int every = 50;
        if (_latencyBefore is not { } before || _latency.Count < _policy.MinLatencies || _latency.Count % every != 0) return null;
        double measured = _latency.Quantile(TailLatency)!.Value.TotalMilliseconds, limit = before.TotalMilliseconds * _policy.LatencyRatio;
        return measured > limit
            ? new Breach(BreachCause.Latency, measured, limit, $"P99 {measured:0.000} ms over {_latency.Count} requests; at most {limit:0.000} ms")
            : null;
    }
}
