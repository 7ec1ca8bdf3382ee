using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>Watches a served calibrator by its outcomes and fits Platt's again on the newest of them; the model under it is not touched. Not
/// thread-safe.</summary>
/// <remarks>
/// 20 bins of equal width in q. In each, drift ← (1 − r) drift + r (y − q) and variance ← (1 − r)² variance + r² q (1 − q): while q is right,
/// z = drift / √variance has mean 0 and variance 1 whatever the scores are (Roberts 1959, with his exact starting variance).
/// </remarks>
public sealed class OnlineCalibration
{
    /// <summary>Bins of equal width that q is watched in.</summary>
    public const int Bins = 20;

    private const uint Magic = 0x434F5451; // "QTOC"
    private readonly OnlineCalibrationOptions _options;
    private readonly CalibrationBin[] _bins = new CalibrationBin[Bins];
    private readonly Queue<(double Margin, bool Label)> _window = new();

    /// <summary>Begins to watch <paramref name="calibrator"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public OnlineCalibration(Calibrator calibrator, OnlineCalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(calibrator);
        _options = options ?? new OnlineCalibrationOptions();
        _options.Check();
        Current = calibrator;
    }

    /// <summary>The calibrator in use.</summary>
    public Calibrator Current { get; private set; }

    /// <summary>Outcomes kept for the next fit.</summary>
    public int Kept => _window.Count;

    /// <summary>What each bin has seen since the last fit: bin i holds q from i / 20 on, the last one also 1.</summary>
    public ReadOnlySpan<CalibrationBin> Watched => _bins;

    /// <summary>Whether a bin that has seen enough strays by more than the alarm allows.</summary>
    public bool Alarm
    {
        get
        {
            double rate = _options.Rate;
            foreach (CalibrationBin bin in _bins)
                if (Math.Abs(bin.Z) > _options.AlarmZ && bin.Variance >= _options.LeastVariance * rate * rate) return true;
            return false;
        }
    }

    /// <summary>Takes one outcome.</summary>
    /// <exception cref="ArgumentException">The margin is not finite.</exception>
    public void Add(double margin, bool label)
    {
        if (!double.IsFinite(margin)) throw new ArgumentException($"margin {margin}: only finite numbers", nameof(margin));
        double q = Current.Apply(margin), rate = _options.Rate;
        ref CalibrationBin bin = ref _bins[Math.Min((int)(q * Bins), Bins - 1)];
        bin = new CalibrationBin(bin.Outcomes + 1,
            (1 - rate) * bin.Drift + rate * ((label ? 1 : 0) - q),
            (1 - rate) * (1 - rate) * bin.Variance + rate * rate * q * (1 - q));
        if (_window.Count == _options.Window) _window.Dequeue();
        _window.Enqueue((margin, label));
    }

    /// <summary>Fits Platt's on the kept outcomes, serves it from now on and begins to watch it afresh.</summary>
    /// <exception cref="InvalidOperationException">No outcome was seen.</exception>
    public Platt Refit()
    {
        if (_window.Count == 0) throw new InvalidOperationException("no outcome to fit a calibrator on");
        var margins = new double[_window.Count];
        var labels = new bool[_window.Count];
        int at = 0;
        foreach ((double margin, bool label) in _window) (margins[at], labels[at++]) = (margin, label);
        var fitted = Platt.Fit(margins, labels);
        Serve(fitted);
        return fitted;
    }

    /// <summary>Serves another calibrator of the same model from now on and begins to watch it afresh; the outcomes are kept.</summary>
    public void Serve(Calibrator calibrator)
    {
        ArgumentNullException.ThrowIfNull(calibrator);
        Current = calibrator;
        _bins.AsSpan().Clear();
    }

    /// <summary>Everything it knows; what is restored from it continues bit for bit.</summary>
    public byte[] Save() => SavedState.Write(Magic, writer =>
    {
        writer.Write(_options.Window);
        writer.Write(_options.Rate);
        writer.Write(_options.AlarmZ);
        writer.Write(_options.LeastVariance);
        byte[] calibrator = Current.ToBytes();
        writer.Write(calibrator.Length);
        writer.Write(calibrator);
        foreach (CalibrationBin bin in _bins)
        {
            writer.Write(bin.Outcomes);
            writer.Write(bin.Drift);
            writer.Write(bin.Variance);
        }
        writer.Write(_window.Count);
        foreach ((double margin, bool label) in _window)
        {
            writer.Write(margin);
            writer.Write(label);
        }
    });

    /// <summary>What <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of something else, are cut short or go on too long.</exception>
    public static OnlineCalibration Restore(ReadOnlySpan<byte> saved) => SavedState.Read(Magic, saved, "watched calibrator", reader =>
    {
        var options = new OnlineCalibrationOptions
        {
            Window = reader.ReadInt32(),
            Rate = reader.ReadDouble(),
            AlarmZ = reader.ReadDouble(),
            LeastVariance = reader.ReadDouble(),
        };
        var restored = new OnlineCalibration(Calibrator.FromBytes(reader.ReadBytes(Math.Max(0, reader.ReadInt32()))), options);
        for (int b = 0; b < Bins; b++) restored._bins[b] = new CalibrationBin(reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
        int kept = reader.ReadInt32();
        if (kept < 0 || kept > options.Window) throw new InvalidDataException($"{kept} outcomes in a window of {options.Window}");
        for (int i = 0; i < kept; i++) restored._window.Enqueue((reader.ReadDouble(), reader.ReadBoolean()));
        return restored;
    });
}
