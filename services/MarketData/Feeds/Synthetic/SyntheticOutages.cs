using QuadTurbo.Trading;

namespace QuadTurbo.MarketData.Feeds.Synthetic;

/// <summary>Which venues of the synthetic world are silent: each for 10 to 40 instants, about once in 5,000.</summary>
internal sealed class SyntheticOutages(SyntheticFeedOptions options)
{
    private readonly int[] _left = new int[options.Venues];
    private readonly bool[] _up = new bool[options.Venues];
    private SeededRandom _random = SeededRandom.Stream(options.Seed, "synthetic/outages");

    /// <summary>By venue: it quotes at this instant.</summary>
    public ReadOnlySpan<bool> Up => _up;

    /// <summary>Moves to the next instant; returns how many venues quote.</summary>
    public int Step()
    {
        int up = 0;
        for (int venue = 0; venue < _up.Length; venue++)
        {
            double start = _random.NextDouble();
            int length = 10 + _random.NextInt(31);
            if (_left[venue] > 0) _left[venue]--;
            else if (start < 1.0 / 5_000) _left[venue] = length;
            _up[venue] = _left[venue] == 0;
            if (_up[venue]) up++;
        }
        return up;
    }
}
