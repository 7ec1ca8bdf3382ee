using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Scoring.Trees;

/// <summary>The reference itself, for ensembles that no other kernel holds.</summary>
internal sealed class WalkKernel(TreeEnsemble ensemble) : ITreeKernel
{
    public float Margin(ReadOnlySpan<float> row) => ensemble.Margin(row);

    public void Margins(ReadOnlySpan<float> rows, Span<float> margins) => ensemble.Margins(rows, margins);
}
