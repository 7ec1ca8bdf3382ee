namespace QuadTurbo.Learning.Boosting;

/// <summary>One node of a tree: an inner one asks "feature &lt; cut?" and goes left if so, a leaf adds its value to the margin.</summary>
/// <param name="Feature">Column that an inner node reads; −1 for a leaf.</param>
/// <param name="Cut">What it compares with; +∞ sends every known value but +∞ left. 0 for a leaf.</param>
/// <param name="Left">Index of the left child in the same tree; 0 for a leaf.</param>
/// <param name="Right">Index of the right child; 0 for a leaf.</param>
/// <param name="MissingLeft">Where NaN goes.</param>
/// <param name="Value">Margin that a leaf adds; 0 for an inner node.</param>
/// <param name="Gain">Loss that the split saved, in the units of the objective; 0 for a leaf and where it is not known.</param>
/// <param name="Cover">Sum of second derivatives of the rows that passed here: what TreeSHAP weighs with.</param>
public readonly record struct TreeNode(int Feature, float Cut, int Left, int Right, bool MissingLeft, float Value, float Gain, float Cover)
{
    /// <summary>True when it has no children.</summary>
    public bool IsLeaf => Feature < 0;

    /// <summary>A leaf.</summary>
    public static TreeNode Leaf(float value, float cover) => new(-1, 0, 0, 0, false, value, 0, cover);
}
