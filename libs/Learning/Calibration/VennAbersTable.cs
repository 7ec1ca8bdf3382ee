using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>Venn-Abers intervals for the hot path: two short staircases, searched without a branch or an allocation; immutable.</summary>
/// <remarks>
/// The interval holds the exact one: P0 is at most <see cref="MaxError"/> too low, P1 as much too high, so confidence is never overstated.
/// Both staircases rise from 0 to 1, so k steps suffice for an error of 1 / (k − 1); the least error that k steps allow is found.
/// </remarks>
public sealed class VennAbersTable
{
    /// <summary>Largest table: an error of at most 1/255.</summary>
    public const int MostSteps = 256;

    private const uint Magic = 0x41565451; // "QTVA"

    // Where each step but the first begins, padded with +∞; and each step's value.
    private readonly double[] _lowerFrom;
    private readonly double[] _lower;
    private readonly double[] _upperFrom;
    private readonly double[] _upper;

    private VennAbersTable(double maxError, (double[] From, double[] Values) lower, (double[] From, double[] Values) upper)
    {
        MaxError = maxError;
        _lowerFrom = Padded(lower.From);
        _upperFrom = Padded(upper.From);
        _lower = lower.Values;
        _upper = upper.Values;
    }

    /// <summary>Largest distance of an end from the exact one.</summary>
    public double MaxError { get; }

    /// <summary>Steps of the longer side.</summary>
    public int Steps => Math.Max(_lower.Length, _upper.Length);

    /// <summary>The interval at a margin. A NaN is not known to be anything: (0, 1).</summary>
    public VennAbersInterval At(double margin) => double.IsNaN(margin)
        ? new VennAbersInterval(0, 1)
        : new VennAbersInterval(_lower[Below(_lowerFrom, Math.BitIncrement(margin))], _upper[Below(_upperFrom, margin)]);

    /// <summary>Canonical bytes: equal tables have equal bytes.</summary>
    public byte[] ToBytes() => SavedState.Write(Magic, writer =>
    {
        writer.Write(MaxError);
        Write(writer, _lowerFrom, _lower);
        Write(writer, _upperFrom, _upper);
    });

    /// <summary>The table that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a table, are cut short or go on after it.</exception>
    public static VennAbersTable FromBytes(ReadOnlySpan<byte> bytes) =>
        SavedState.Read(Magic, bytes, "Venn-Abers table", reader => new VennAbersTable(Share(reader.ReadDouble()), Read(reader), Read(reader)));

    internal static VennAbersTable Of(VennAbers exact, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, MostSteps);
        double low = 0, high = 1.0 / (steps - 1);
        // The greedy staircase is the shortest for its error; so bisect the error. An error of 0 may do.
        if (Starts(exact.Lower, 0).Count <= steps && Starts(exact.Upper, 0).Count <= steps) high = 0;
        while (high - low > 1e-6)
        {
            double middle = (low + high) / 2;
            if (Starts(exact.Lower, middle).Count <= steps && Starts(exact.Upper, middle).Count <= steps) high = middle;
            else low = middle;
        }
        List<int> lower = Starts(exact.Lower, high), upper = Starts(exact.Upper, high);
        double[] lowest = [.. lower.Select(at => exact.Lower[at])];
        double[] highest = [.. upper.Select((_, s) => exact.Upper[s + 1 < upper.Count ? upper[s + 1] - 1 : exact.Upper.Length - 1])];
        return new VennAbersTable(high, (Froms(exact, lower), lowest), (Froms(exact, upper), highest));
    }

    // Where each step begins when it may span no more than the error.
    private static List<int> Starts(ReadOnlySpan<double> values, double error)
    {
        var starts = new List<int> { 0 };
        for (int i = 1; i < values.Length; i++)
            if (values[i] - values[starts[^1]] > error) starts.Add(i);
        return starts;
    }

    private static double[] Froms(VennAbers exact, List<int> starts) => [.. starts.Skip(1).Select(at => exact.Margins[at - 1])];

    // How many of 255 rising numbers are below x: eight steps.
    private static int Below(double[] rising, double x)
    {
        int at = rising[127] < x ? 128 : 0;
        at += rising[at + 63] < x ? 64 : 0;
        at += rising[at + 31] < x ? 32 : 0;
        at += rising[at + 15] < x ? 16 : 0;
        at += rising[at + 7] < x ? 8 : 0;
        at += rising[at + 3] < x ? 4 : 0;
        at += rising[at + 1] < x ? 2 : 0;
        return at + (rising[at] < x ? 1 : 0);
    }

    private static double[] Padded(double[] from)
    {
        var padded = new double[MostSteps - 1];
        padded.AsSpan().Fill(double.PositiveInfinity);
        from.CopyTo(padded, 0);
        return padded;
    }

    private static void Write(BinaryWriter writer, double[] from, double[] values)
    {
        writer.Write(values.Length);
        for (int i = 0; i < values.Length - 1; i++) writer.Write(from[i]);
        foreach (double value in values) writer.Write(value);
    }

    private static (double[] From, double[] Values) Read(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 1 or > MostSteps) throw new InvalidDataException($"a Venn-Abers table of {count} steps; 1 to {MostSteps}");
        var from = new double[count - 1];
        var values = new double[count];
        for (int i = 0; i < from.Length; i++)
        {
            from[i] = reader.ReadDouble();
            if (!double.IsFinite(from[i]) || i > 0 && !(from[i] > from[i - 1]))
                throw new InvalidDataException($"step {i + 1} of a Venn-Abers table begins at {from[i]}");
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Share(reader.ReadDouble());
            if (i > 0 && values[i] < values[i - 1]) throw new InvalidDataException($"step {i} of a Venn-Abers table falls to {values[i]}");
        }
        return (from, values);
    }

    private static double Share(double value) =>
        value is >= 0 and <= 1 ? value : throw new InvalidDataException($"{value} in a Venn-Abers table; 0 to 1");
}
