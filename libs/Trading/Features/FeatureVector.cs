using System.Runtime.CompilerServices;

namespace QuadTurbo.Trading.Features;

/// <summary>The inputs of every model: <see cref="FeatureSchema.Count"/> floats in schema order; NaN means not known.</summary>
[InlineArray(FeatureSchema.Count)]
public struct FeatureVector
{
    private float _first;

    /// <summary>All features not known.</summary>
    public static FeatureVector Unknown
    {
        get
        {
            var vector = default(FeatureVector);
            ((Span<float>)vector).Fill(float.NaN);
            return vector;
        }
    }
}
