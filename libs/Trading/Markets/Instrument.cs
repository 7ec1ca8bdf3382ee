namespace QuadTurbo.Trading.Markets;

/// <summary>One thing that trades at one venue, for example BTC-USD at COINBASE.</summary>
/// <param name="Venue">Venue name as the feed gives it.</param>
/// <param name="Symbol">Symbol as the venue gives it.</param>
/// <param name="Market">
/// The symbol under which it is compared with other venues: the symbol itself, or what <c>--treat-as</c> makes of it.
/// </param>
/// <param name="Index">Position in its <see cref="InstrumentTable"/>; contiguous from 0.</param>
/// <param name="Sizing">What one unit of size means.</param>
public sealed record Instrument(string Venue, string Symbol, string Market, int Index, Sizing Sizing)
{
    /// <summary>Instruments are interned: two of them are equal when they are the same entry of one table.</summary>
    public bool Equals(Instrument? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Index;

    /// <inheritdoc/>
    public override string ToString() => $"{Venue} {Symbol}";
}

/// <summary>What one unit of a recorded size means, so that sizes of different contracts can be compared.</summary>
/// <param name="Unit">Base currency, contracts of a fixed quote value, or not known.</param>
/// <param name="ContractValue">Value of one contract in quote currency; used with <see cref="SizeUnit.QuoteContract"/> only.</param>
public readonly record struct Sizing(SizeUnit Unit, decimal ContractValue)
{
    /// <summary>Sizes are in base currency.</summary>
    public static Sizing Base { get; } = new(SizeUnit.Base, 1m);

    /// <summary>A contract whose size is not known: the platform refuses to size it.</summary>
    public static Sizing Unknown { get; } = new(SizeUnit.Unknown, 0m);

    /// <summary>Sizes are contracts worth <paramref name="value"/> of quote currency each.</summary>
    public static Sizing Contract(decimal value) => new(SizeUnit.QuoteContract, value);

    /// <summary><paramref name="size"/> in base currency at <paramref name="price"/>; null when it cannot be known.</summary>
    public decimal? ToBase(decimal? size, decimal price) => Unit switch
    {
        SizeUnit.Base => size,
        SizeUnit.QuoteContract when size is { } contracts && price > 0m => contracts * ContractValue / price,
        _ => null,
    };
}

/// <summary>The unit of a recorded size.</summary>
public enum SizeUnit
{
    /// <summary>Units of the base currency.</summary>
    Base,

    /// <summary>Contracts of a fixed value in quote currency (inverse perpetuals).</summary>
    QuoteContract,

    /// <summary>Contracts whose value is not known.</summary>
    Unknown,
}
