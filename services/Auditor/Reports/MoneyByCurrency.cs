using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Auditor.Reports;

/// <summary>Sums of money, each currency by itself: an amount whose rate is unknown is listed and left out of the base sum.</summary>
public sealed class MoneyByCurrency
{
    private readonly Dictionary<string, decimal> _sums = new(StringComparer.Ordinal);
    private string _lastSymbol = "";
    private string _lastCurrency = "";

    /// <summary>The sum in the base currency.</summary>
    public decimal Base => _sums.GetValueOrDefault(Currency.Base);

    /// <summary>Every currency's sum, by name.</summary>
    public IReadOnlyDictionary<string, decimal> All => _sums;

    /// <summary>Adds <paramref name="amount"/> of the quote currency of <paramref name="symbol"/>; returns the currency.</summary>
    public string Add(string symbol, decimal amount)
    {
        if (!ReferenceEquals(symbol, _lastSymbol)) (_lastSymbol, _lastCurrency) = (symbol, Currency.Of(symbol));
        _sums[_lastCurrency] = _sums.GetValueOrDefault(_lastCurrency) + amount;
        return _lastCurrency;
    }
}
