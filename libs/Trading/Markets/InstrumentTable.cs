using System.Collections.Concurrent;

namespace QuadTurbo.Trading.Markets;

/// <summary>All instruments of one process, interned in order of first sight; safe from any thread.</summary>
public sealed class InstrumentTable
{
    /// <summary>The most instruments that one process follows.</summary>
    public const int Capacity = 4096;

    private readonly ConcurrentDictionary<(string Venue, string Symbol), Instrument> _byName = new();
    private readonly Lock _adding = new();
    private readonly IReadOnlyDictionary<string, string> _treatAs;
    private readonly IReadOnlyDictionary<string, decimal> _contracts;
    private Instrument[] _all = [];

    /// <summary>An empty table.</summary>
    /// <param name="treatAs">Quote currencies that count as another, for example USDT → USD: an assumption, labelled wherever it is used.</param>
    /// <param name="contracts">
    /// Contract value in quote currency by <c>VENUE/SYMBOL</c>. A perpetual of an inverse kind that is not listed refuses to be sized.
    /// </param>
    public InstrumentTable(IReadOnlyDictionary<string, string>? treatAs = null, IReadOnlyDictionary<string, decimal>? contracts = null)
    {
        _treatAs = treatAs ?? new Dictionary<string, string>();
        _contracts = contracts ?? KnownContracts;
    }

    /// <summary>Contract values of the venues we know: COIN-M perpetuals of 100 USD, inverse perpetuals of 1 USD.</summary>
    public static IReadOnlyDictionary<string, decimal> KnownContracts { get; } = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        ["BINANCE_COINM/BTCUSD-PERP"] = 100m,
        ["BYBIT_INVERSE/BTCUSD-PERP"] = 1m,
    };

    /// <summary>The quote currencies that are taken for another one.</summary>
    public IReadOnlyDictionary<string, string> TreatAs => _treatAs;

    /// <summary>Every instrument seen so far, by <see cref="Instrument.Index"/>.</summary>
    public IReadOnlyList<Instrument> All => Volatile.Read(ref _all);

    /// <summary>The instrument of <paramref name="venue"/> and <paramref name="symbol"/>, added on first sight.</summary>
    /// <exception cref="InvalidOperationException">There are more than <see cref="Capacity"/> instruments.</exception>
    public Instrument Get(string venue, string symbol) =>
        _byName.TryGetValue((venue, symbol), out Instrument? known) ? known : Add(venue, symbol);

    /// <summary>The instrument of that name, or null when no feed has named it.</summary>
    public Instrument? Find(string venue, string symbol) => _byName.GetValueOrDefault((venue, symbol));

    /// <summary>The instrument of that name as another process knows it, added on first sight.</summary>
    /// <returns>The entry of this table, which says the same of market and size.</returns>
    /// <exception cref="InvalidOperationException">It is known otherwise here, or there are more than <see cref="Capacity"/> instruments.</exception>
    public Instrument Adopt(string venue, string symbol, string market, Sizing sizing)
    {
        Instrument adopted = Find(venue, symbol) ?? Add(venue, symbol, market, sizing);
        if (adopted.Market == market && adopted.Sizing == sizing) return adopted;
        throw new InvalidOperationException(
            $"{adopted} is compared as {adopted.Market} and sized in {adopted.Sizing.Unit} of {adopted.Sizing.ContractValue} here, "
            + $"as {market} in {sizing.Unit} of {sizing.ContractValue} there: treat_as and contracts must be the same in both processes");
    }

    private Instrument Add(string venue, string symbol) => Add(venue, symbol, MarketOf(symbol), SizingOf(venue, symbol));

    private Instrument Add(string venue, string symbol, string market, Sizing sizing)
    {
        lock (_adding)
        {
            if (_byName.TryGetValue((venue, symbol), out Instrument? known)) return known;
            if (_all.Length >= Capacity)
                throw new InvalidOperationException($"instruments: {_all.Length + 1} exceeds the limit of {Capacity} (at {venue} {symbol})");
            var added = new Instrument(venue, symbol, market, _all.Length, sizing);
            _byName[(venue, symbol)] = added;
            Volatile.Write(ref _all, [.. _all, added]);
            return added;
        }
    }

    private string MarketOf(string symbol)
    {
        foreach ((string from, string to) in _treatAs)
            if (symbol.EndsWith("-" + from, StringComparison.Ordinal)) return string.Concat(symbol.AsSpan(0, symbol.Length - from.Length), to);
        return symbol;
    }

    private Sizing SizingOf(string venue, string symbol)
    {
        if (_contracts.TryGetValue($"{venue}/{symbol}", out decimal value)) return Sizing.Contract(value);
        bool inverse = symbol.EndsWith("USD-PERP", StringComparison.Ordinal);
        return inverse ? Sizing.Unknown : Sizing.Base;
    }
}
