namespace QuadTurbo.Scoring.Trees;

/// <summary>How a compiled ensemble walks its trees; each gives the same bits.</summary>
public enum TreeKernel
{
    /// <summary>Node by node, as <see cref="Learning.Boosting.TreeEnsemble.Margin"/>: any ensemble.</summary>
    Walk,

    /// <summary>Perfect heaps without branches on any processor: trees of depth 8 or less.</summary>
    Portable,

    /// <summary>Byte bins and register tables (AVX-512 VBMI): depth 6, 64 features and columns, 255 cuts a feature, or less.</summary>
    Vbmi,
}
