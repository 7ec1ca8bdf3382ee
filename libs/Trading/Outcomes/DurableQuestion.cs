namespace QuadTurbo.Trading.Outcomes;

/// <summary>Asks whether the ledger keeps something: answered when it is on disk, or when it is known not to be, or after <paramref name="Within"/>.</summary>
/// <param name="Change">The change of the account that was, or is about to be, published; null for whether the ledger can write now, with everything that it has been given.</param>
/// <param name="Within">The longest wait.</param>
public readonly record struct DurableQuestion(AccountChanged? Change, TimeSpan Within);

/// <summary>What the ledger keeps.</summary>
/// <param name="WhyNot">Why it is not on disk; null when it is.</param>
public readonly record struct DurableAnswer(string? WhyNot);
