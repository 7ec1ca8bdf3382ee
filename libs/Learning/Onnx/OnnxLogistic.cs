using QuadTurbo.Learning.Linear;

namespace QuadTurbo.Learning.Onnx;

/// <summary>Writes a logistic regression on binned columns as an ONNX model that reads the columns themselves.</summary>
/// <remarks>
/// features [batch, columns] → probability [batch, 1]. A bin adds its coefficient × (1 or 0 − mean) × inverse deviation, so
/// margin = level + Σ over cuts [x ≥ cut] rise + Σ over columns [x missing] other, where level is that of the lowest bins, rise the step from one bin
/// to the next and other what the missing bin has beyond the lowest. A value is missing when it is not finite, that is when x − x is NaN.
/// Cuts are compared in float32, as <see cref="OneHotBins"/> does; sums are of float64, so that only the result is rounded to float32.
/// </remarks>
public static class OnnxLogistic
{
    /// <summary>The bytes of the model: opset 17, IR version 8.</summary>
    /// <param name="bins">The columns and their cuts.</param>
    /// <param name="model">Fitted to the rows that <paramref name="bins"/> makes.</param>
    /// <param name="calibrator">From the margin in float32 to the probability; null for the sigmoid.</param>
    /// <exception cref="ArgumentException">The model reads another number of columns than the bins have.</exception>
    public static byte[] Write(OneHotBins bins, LogisticRegression model, OnnxCalibrator? calibrator = null)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Columns != bins.Width)
            throw new ArgumentException($"the model reads {model.Columns} columns, the bins are {bins.Width}", nameof(model));
        var graph = new OnnxGraph("logistic");
        string features = graph.Input("features", bins.Columns);
        string margin = Margin(graph, features, bins, model);
        if (calibrator is null) graph.Output(graph.ToFloat(OnnxCalibrator.Probability, graph.Add("sigmoid", "Sigmoid", margin)));
        else graph.Output(calibrator.Append(graph, graph.ToFloat("margin", margin)));
        return graph.ToBytes();
    }

    private static string Margin(OnnxGraph graph, string features, OneHotBins bins, LogisticRegression model)
    {
        double level = model.Intercept;
        var columns = new List<int>();
        var cuts = new List<double>();
        var rises = new List<double>();
        var others = new List<double>();
        int at = 0;
        for (int j = 0; j < bins.Columns; j++)
        {
            int count = bins.Cuts(j).Length;
            for (int b = 0; b < count + 2; b++) level -= Weight(at + b) * model.Mean[at + b];
            level += Weight(at);
            for (int c = 0; c < count; c++)
            {
                columns.Add(j);
                cuts.Add(bins.Cuts(j)[c]);
                rises.Add(Weight(at + c + 1) - Weight(at + c));
            }
            others.Add(Weight(at + count + 1) - Weight(at));
            at += count + 2;
        }
        string missing = graph.Add("missing", "IsNaN", graph.Add("difference", "Sub", features, features));
        string other = graph.Add("other", "MatMul", graph.ToDouble("missing_one", missing), graph.Doubles("others", others, bins.Columns, 1));
        string margin = graph.Add("level_and_other", "Add", other, graph.Doubles("base", [level], 1));
        if (cuts.Count == 0) return margin;
        string known = graph.Add("known", "Where", missing, graph.Constant("below_all", float.MinValue), features);
        string gathered = graph.Gather("gathered", known, graph.Longs("columns", columns));
        string reached = graph.Add("reached", "GreaterOrEqual", gathered, graph.Constant("cuts", cuts, 1, cuts.Count));
        string stepped = graph.Add("stepped", "MatMul", graph.ToDouble("reached_one", reached), graph.Doubles("steps", rises, cuts.Count, 1));
        return graph.Add("log_odds", "Add", margin, stepped);

        double Weight(int column) => model.Coefficients[column] * model.InverseDeviation[column];
    }
}
