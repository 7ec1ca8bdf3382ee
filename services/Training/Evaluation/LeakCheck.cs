using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Training.Evaluation;

/// <summary>Finds columns that tell the label so well that they were hardly known at the decision.</summary>
/// <remarks>
/// A column is a suspect when its AUC alone, in either direction, is at least <see cref="Suspicious"/> and it is wrong less than half as often as the
/// edge, which is known to be honest: in a market where most gaps are smaller than their fees the edge alone tells nearly everything. A leak that is
/// blurred until it tells no more than the edge does is not found by this.
/// </remarks>
public static class LeakCheck
{
    /// <summary>AUC of one column alone from which it is suspect.</summary>
    public const double Suspicious = 0.90;

    /// <summary>Share of the edge's wrong pairs below which a column is too good.</summary>
    public const double Share = 0.5;

    /// <summary>The suspects among the columns.</summary>
    /// <param name="rows">[labels, names], row-major; NaN is missing.</param>
    /// <param name="names">Names of the columns.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="honestAuc">AUC of what is known to be honest; 0.5 for nothing.</param>
    public static IReadOnlyList<string> Suspects(ReadOnlySpan<float> rows, IReadOnlyList<string> names, ReadOnlySpan<bool> labels, double honestAuc)
    {
        var suspects = new List<string>();
        for (int c = 0; c < names.Count; c++)
        {
            double auc = AucOf(rows, names.Count, c, labels);
            if (Math.Max(auc, 1 - auc) is var strength && strength >= Suspicious && 1 - strength < Share * (1 - honestAuc)) suspects.Add(names[c]);
        }
        return suspects;
    }

    /// <summary>AUC of one column alone over the rows that have it; NaN when a class has none.</summary>
    public static double AucOf(ReadOnlySpan<float> rows, int columns, int column, ReadOnlySpan<bool> labels)
    {
        var values = new List<double>(labels.Length);
        var known = new List<bool>(labels.Length);
        for (int r = 0; r < labels.Length; r++)
        {
            float value = rows[r * columns + column];
            if (float.IsNaN(value)) continue;
            values.Add(value);
            known.Add(labels[r]);
        }
        return Classification.Auc(values.ToArray(), known.ToArray());
    }
}
