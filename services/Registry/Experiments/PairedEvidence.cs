using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Registry.Experiments;

/// <summary>The money of two models on the same opportunities, challenger less champion, read whenever one likes. Not thread-safe.</summary>
/// <remarks>
/// Both score every opportunity, so each is its own control: the always-valid test is of paired differences (Johari et al. 2017), by minute unless
/// told otherwise. An outcome known later than one of the next minute is counted in that minute.
/// </remarks>
internal sealed class PairedEvidence
{
    private readonly EvidenceSettings _settings;
    private ClusterTotals _minutes = new();
    private PairedMeanTest _test;
    private Drawdown _champion;
    private Drawdown _challenger;
    private long _minute;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public PairedEvidence(EvidenceSettings settings)
    {
        _settings = settings;
        _test = new PairedMeanTest(new SequentialOptions { Tau = settings.MdeBps, Alpha = settings.Alpha, Start = settings.Start });
    }

    /// <summary>Opportunities that both have scored.</summary>
    public long Outcomes { get; private set; }

    /// <summary>The test: of totals of closed minutes, or of opportunities.</summary>
    public PairedMeanTest Test => _test;

    /// <summary>What the champion made of each opportunity, summed.</summary>
    public Drawdown Champion => _champion;

    /// <summary>What the challenger made of each opportunity, summed.</summary>
    public Drawdown Challenger => _challenger;

    public void Add(in PairedOutcome outcome)
    {
        Outcomes++;
        _champion.Add(outcome.ChampionNetBps);
        _challenger.Add(outcome.ChallengerNetBps);
        double difference = outcome.ChallengerNetBps - outcome.ChampionNetBps;
        if (_settings.Unit == EvidenceUnit.Opportunity)
        {
            _test.Add(difference);
            return;
        }
        _minute = Math.Max(_minute, outcome.KnownAt.Ticks / TimeSpan.TicksPerMinute);
        if (_minutes.Add(_minute, difference, out double total)) _test.Add(total);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Outcomes);
        writer.Write(_minute);
        _champion.Write(writer);
        _challenger.Write(writer);
        WriteBytes(writer, _minutes.Save());
        WriteBytes(writer, _test.Save());
    }

    /// <exception cref="InvalidDataException">It was weighed by other settings.</exception>
    public void Read(BinaryReader reader)
    {
        Outcomes = reader.ReadInt64();
        _minute = reader.ReadInt64();
        _champion = Drawdown.Read(reader);
        _challenger = Drawdown.Read(reader);
        _minutes = ClusterTotals.Restore(ReadBytes(reader));
        var test = PairedMeanTest.Restore(ReadBytes(reader));
        if (test.Options != _test.Options) throw new InvalidDataException($"evidence weighed by {test.Options}, expected {_test.Options}");
        _test = test;
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        return length is >= 0 and <= 1 << 16 ? reader.ReadBytes(length) : throw new InvalidDataException($"a part of {length} bytes");
    }
}
