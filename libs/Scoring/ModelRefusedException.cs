namespace QuadTurbo.Scoring;

/// <summary>A model package that must not serve; the message names what differs.</summary>
public sealed class ModelRefusedException : Exception
{
    /// <summary>A package refused because <paramref name="what"/> is <paramref name="found"/> and not <paramref name="expected"/>.</summary>
    public ModelRefusedException(string what, string expected, string found, Exception? cause = null)
        : base($"model package refused: {what} is {found}, expected {expected}", cause)
    {
        What = what;
        Expected = expected;
        Found = found;
    }

    /// <summary>What differs: <c>identity</c>, <c>feature schema hash</c>, <c>contents</c> and so on.</summary>
    public string What { get; }

    /// <summary>What was due.</summary>
    public string Expected { get; }

    /// <summary>What was there.</summary>
    public string Found { get; }
}
