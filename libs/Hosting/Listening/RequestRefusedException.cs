namespace QuadTurbo.Hosting.Listening;

/// <summary>A request that is refused whole because of one field of it.</summary>
/// <param name="field">Path of the field, <c>opportunities[3].input_amount</c>; empty for the body itself.</param>
/// <param name="value">What it was, as it was written, cut to be short; empty where nothing was.</param>
/// <param name="limit">What it must be, as the end of "it must be".</param>
public sealed class RequestRefusedException(string field, string value, string limit)
    : Exception($"{(field.Length == 0 ? "the body" : field)}{(value.Length == 0 ? "" : $" is {value}; it")} must be {limit}")
{
    /// <summary>Path of the field; empty for the body itself.</summary>
    public string Field { get; } = field;

    /// <summary>What it was.</summary>
    public string Value { get; } = value;

    /// <summary>What it must be.</summary>
    public string Limit { get; } = limit;
}
