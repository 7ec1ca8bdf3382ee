using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Synthetic;

/// <summary>The world of one symbol: its price walk, and the gap that moves from one pair of venues to another.</summary>
/// <remarks>
/// One venue of the pair asks at the reference price M, the other bids M × R × (1 + m), R = (1 + f)/(1 − f) with f = 10 bps taker fee per side:
/// bid (1 − f) − ask (1 + f) &gt; 0 exactly when m &gt; 0. The outcome y of the opportunity at t is drawn at t and sets m at t + 1:
/// uniform 0.5 to 8 bps for a win, −12 to −0.5 bps for a loss, whatever the features. y ~ Bernoulli(p),
/// logit p = −0.56 b + 0.56 s − 0.53 d + 0.53 v + 0.3 e + 1.67 b s, with b and s the imbalance (bid size − ask size)/(sum) of the bought and
/// sold side, d = (spread of the bought side − 3.5 bps)/2.5 bps, v = (volume/usual − 1)/0.7 and e = (m + 1 bps)/10 bps, all as quoted at t.
/// A pair is left by a loss that closes the gap altogether, so that leaving it says nothing more than the loss does. Other venues quote 60 bps wide
/// around M and take no part.
/// </remarks>
internal sealed class SyntheticSymbol
{
    private const double Bps = 1e-4;
    private const double FeeBps = 10;
    private const double NetZero = (1 + FeeBps * Bps) / (1 - FeeBps * Bps);
    private const double CrossedShare = 0.001;
    private const double TouchNotional = 100_000;

    private readonly Instrument[] _instruments;
    private readonly bool _noise;
    private readonly double _anchor, _usualSize, _usualVolume;
    private readonly byte _priceScale, _sizeScale;
    private readonly double _sizeUnits;

    private SeededRandom _random;
    private double _price;
    private SyntheticRegime _regime;
    private int _buy, _sell, _age, _spell;
    private double _margin;
    private bool _closed;

    /// <param name="instruments">One for each venue.</param>
    /// <param name="price">Where its price starts, and is pulled back to.</param>
    /// <param name="options">The world it is part of.</param>
    public SyntheticSymbol(Instrument[] instruments, double price, SyntheticFeedOptions options)
    {
        (_instruments, _noise) = (instruments, options.Noise);
        _random = SeededRandom.Stream(options.Seed, $"synthetic/{Name}/{options.Venues}");
        // Ticks of 1e-7 of the price or finer: rounding moves a margin by less than 0.005 bps, and margins are 0.5 bps at least.
        _priceScale = ScaleFor(price);
        _anchor = _price = price * Math.Pow(10, _priceScale);
        _usualSize = TouchNotional / price;
        _usualVolume = _usualSize * 5;
        _sizeScale = ScaleFor(_usualSize);
        _sizeUnits = _usualSize * Math.Pow(10, _sizeScale);
        StartPair();
    }

    /// <summary>Its name.</summary>
    public string Name => _instruments[0].Symbol;

    /// <summary>
    /// Moves to the next instant: quotes of the venues that are <paramref name="up"/> go to <paramref name="quotes"/>, whose length they fill.
    /// Returns the truth about its opportunity when it has one.
    /// </summary>
    public (double Additive, double Logit, double Probability, bool Wins, string Buy, string Sell)? Step(ReadOnlySpan<bool> up, Span<Quote> quotes)
    {
        Walk();
        double volume = 0.3 + 1.4 * _random.NextDouble();
        double buyImbalance = Imbalance(), sellImbalance = Imbalance();
        double buySpread = Spread(), sellSpread = Spread();
        long ask = Ticks(_price), bid = _closed ? Ticks(ask * (1 - _margin)) : Ticks(ask * NetZero * (1 + _margin));
        bool open = !_closed;
        int at = 0;
        for (int venue = 0; venue < _instruments.Length; venue++)
        {
            Touch touch = venue == _buy ? new Touch(ask - Ticks(ask * buySpread), ask, buyImbalance)
                : venue == _sell ? new Touch(bid, bid + Ticks(bid * sellSpread), sellImbalance)
                : new Touch(Ticks(_price * (1 - 30 * Bps)), Ticks(_price * (1 + 30 * Bps)), Imbalance());
            double size = _sizeUnits * (0.5 + _random.NextDouble());
            bool crossed = _random.NextDouble() < CrossedShare;
            bool takesPart = venue == _buy || venue == _sell;
            if (takesPart && (crossed || !up[venue])) open = false;
            if (up[venue]) quotes[at++] = QuoteOf(_instruments[venue], crossed ? touch.Flipped : touch, size, volume);
        }
        return Decide(open, buyImbalance, sellImbalance, buySpread, volume);
    }

    // Drawn whether or not the opportunity can be seen, so that crossed quotes and outages say nothing about the outcome.
    private (double, double, double, bool, string, string)? Decide(bool open, double buyImbalance, double sellImbalance, double spread, double volume)
    {
        double chance = _random.NextDouble(), how = _random.NextDouble();
        if (_closed)
        {
            StartPair();
            return null;
        }
        double additive = -0.56 * buyImbalance + 0.56 * sellImbalance - 0.53 * (spread / Bps - 3.5) / 2.5 + 0.53 * (volume - 1) / 0.7
            + 0.3 * (_margin / Bps + 1) / 10;
        double logit = additive + 1.67 * buyImbalance * sellImbalance;
        double probability = _noise ? 0.5 : 1 / (1 + Math.Exp(-logit));
        bool wins = chance < probability;
        (int buy, int sell) = (_buy, _sell);
        _closed = !wins && ++_age >= _spell;
        // A closed gap is 0.1 to 0.9 bps below zero: less than the narrowest spread, so that the reverse pair shows none either.
        _margin = (wins ? 0.5 + 7.5 * how : _closed ? 0.1 + 0.8 * how : -0.5 - 11.5 * how) * Bps;
        return open ? (additive, logit, probability, wins, _instruments[buy].Venue, _instruments[sell].Venue) : null;
    }

    private void StartPair()
    {
        _buy = _random.NextInt(_instruments.Length);
        _sell = (_buy + 1 + _random.NextInt(_instruments.Length - 1)) % _instruments.Length;
        (_age, _spell, _closed) = (0, 60 + _random.NextInt(240), false);
        _margin = (_random.NextDouble() < 0.5 ? 0.5 + 7.5 * _random.NextDouble() : -0.5 - 11.5 * _random.NextDouble()) * Bps;
    }

    private void Walk()
    {
        if (_regime.Left-- <= 0) _regime = SyntheticRegime.After(_regime, ref _random, _price);
        // Four uniforms add up to nearly a normal: cheaper, and the tails are the panics' business.
        double normal = 1.7320508075688772 * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 2);
        double home = 1e-5 * (_anchor / _price - 1) + _regime.Pull * (_regime.Level / _price - 1);
        _price = Math.Clamp(_price * (1 + (_regime.DriftBps + _regime.VolatilityBps * normal) * Bps + home), _anchor / 4, _anchor * 4);
    }

    private double Imbalance() => 0.95 * (2 * _random.NextDouble() - 1);

    private double Spread() => (1 + 5 * _random.NextDouble()) * Bps;

    private Quote QuoteOf(Instrument instrument, Touch touch, double size, double volume) => new(
        instrument,
        Decimal(touch.Bid, _priceScale),
        Decimal(touch.Ask, _priceScale),
        Decimal(Ticks(size * (1 + touch.Imbalance) / 2), _sizeScale),
        Decimal(Ticks(size * (1 - touch.Imbalance) / 2), _sizeScale),
        null,
        _usualVolume * volume);

    private static long Ticks(double value) => (long)(value + 0.5);

    private static decimal Decimal(long units, byte scale) => new((int)units, (int)(units >> 32), 0, false, scale);

    private static byte ScaleFor(double value) => (byte)Math.Clamp(8 - (int)Math.Ceiling(Math.Log10(value)), 0, 20);

    private readonly record struct Touch(long Bid, long Ask, double Imbalance)
    {
        public Touch Flipped => new(Ask, Bid, Imbalance);
    }
}
