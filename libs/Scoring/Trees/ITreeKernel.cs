namespace QuadTurbo.Scoring.Trees;

/// <summary>One way to add up the leaves of an ensemble; immutable, and free of allocation.</summary>
internal interface ITreeKernel
{
    /// <summary>The margin of a row; its length was checked.</summary>
    float Margin(ReadOnlySpan<float> row);

    /// <summary>The margins of a batch of at least one row; the lengths were checked.</summary>
    void Margins(ReadOnlySpan<float> rows, Span<float> margins);
}
