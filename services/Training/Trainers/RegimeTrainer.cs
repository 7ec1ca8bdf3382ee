using System.Text.Json.Nodes;
using QuadTurbo.Learning.Regimes;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Trainers;

/// <summary>A fitted regime detector.</summary>
/// <param name="Part">What goes into the package.</param>
/// <param name="Evaluation">For programs.</param>
/// <param name="Text">For people.</param>
internal sealed record RegimeFitted(RegimePart Part, JsonObject Evaluation, string Text);

/// <summary>Fits a hidden Markov model of three states to return, log volatility and whatever of log volume and imbalance the feed has [TRN-19].</summary>
/// <remarks>One row per instant: opportunities of one instant share their market. A column that is known in less than half of the rows is left out.</remarks>
internal sealed class RegimeTrainer(TrainingSettings training)
{
    private const int FewestRows = 500;
    private const double FewestKnown = 0.5;

    private static readonly (string Name, Func<float, double> Read)[] Columns =
    [
        ("return_1_bps", v => v),
        ("volatility_bps", v => v > 0 ? Math.Log(v) : double.NaN),
        ("volume_ratio", v => v > 0 ? Math.Log(v) : double.NaN),
        ("buy_imbalance", v => Math.Abs(v)),
    ];

    /// <summary>The detector; null where there are too few rows, or neither return nor volatility is known.</summary>
    public RegimeFitted? Train(IEnumerable<Sample> samples)
    {
        Sample[] instants = [.. samples.OrderBy(s => s.DecidedAt).DistinctBy(s => s.DecidedAt)];
        if (instants.Length < FewestRows) return null;
        int[] used = [.. Enumerable.Range(0, Columns.Length).Where(c => instants.Count(s => double.IsFinite(Value(s, c))) >= FewestKnown * instants.Length)];
        if (!used.Contains(0) || !used.Contains(1)) return null;
        var rows = new double[instants.Length * used.Length];
        for (int r = 0; r < instants.Length; r++)
            for (int c = 0; c < used.Length; c++) rows[r * used.Length + c] = Finite(Value(instants[r], used[c]));
        HmmFit fit = BaumWelch.Fit(rows, used.Length, new HmmOptions { Seed = training.Seed });
        var model = new RegimeModel(fit.Model, volatilityColumn: 1, driftColumn: 0);
        double[] shares = Shares(model, rows, used.Length);
        return new RegimeFitted(new RegimePart(model, instants.Length), Evaluation(used, instants.Length, fit, shares), Describe(used, instants.Length, shares));
    }

    private static double Value(Sample sample, int column) => Columns[column].Read(sample.ReadFeatures()[FeatureSchema.IndexOf(Columns[column].Name)]);

    private static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    // By what the filter said at each instant, which is what a trader would have seen.
    private static double[] Shares(RegimeModel model, double[] rows, int columns)
    {
        var filter = new RegimeFilter(model);
        var shares = new double[3];
        for (int r = 0; r < rows.Length; r += columns) shares[(int)filter.Step(rows.AsSpan(r, columns))]++;
        for (int k = 0; k < shares.Length; k++) shares[k] /= (double)rows.Length / columns;
        return shares;
    }

    private static JsonObject Evaluation(int[] used, int rows, HmmFit fit, double[] shares) => new()
    {
        ["rows"] = rows,
        ["columns"] = new JsonArray([.. used.Select(c => (JsonNode)Columns[c].Name)]),
        ["log_likelihood"] = fit.LogLikelihood,
        ["converged"] = fit.Converged,
        ["shares"] = new JsonObject { ["range"] = shares[0], ["trend"] = shares[1], ["panic"] = shares[2] },
    };

    private static string Describe(int[] used, int rows, double[] shares) =>
        $"three states of {string.Join(", ", used.Select(c => Columns[c].Name))} on {rows} instants: range {shares[0]:P0}, trend {shares[1]:P0}, panic {shares[2]:P0}";
}
