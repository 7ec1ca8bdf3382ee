namespace QuadTurbo.Registry.Experiments;

/// <summary>Money summed, and the furthest that the sum has fallen from its height; the height begins at 0.</summary>
public struct Drawdown
{
    private double _peak;

    /// <summary>The sum [bps].</summary>
    public double Total { get; private set; }

    /// <summary>The furthest fall so far [bps], 0 or more.</summary>
    public double Deepest { get; private set; }

    /// <summary>Takes one amount [bps].</summary>
    public void Add(double bps)
    {
        Total += bps;
        _peak = Math.Max(_peak, Total);
        Deepest = Math.Max(Deepest, _peak - Total);
    }

    internal readonly void Write(BinaryWriter writer)
    {
        writer.Write(Total);
        writer.Write(_peak);
        writer.Write(Deepest);
    }

    internal static Drawdown Read(BinaryReader reader) =>
        new() { Total = reader.ReadDouble(), _peak = reader.ReadDouble(), Deepest = reader.ReadDouble() };
}
