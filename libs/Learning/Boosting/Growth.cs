namespace QuadTurbo.Learning.Boosting;

/// <summary>Which leaf is split next. Where neither leaves nor depth run out first both grow the same tree.</summary>
public enum Growth
{
    /// <summary>The one that saves the most loss (LightGBM).</summary>
    LeafWise,

    /// <summary>The shallowest, then the oldest (XGBoost): for comparisons.</summary>
    DepthWise,
}
