namespace QuadTurbo.Learning.Sequential;

/// <summary>Takes out of a figure what was known before the experiment touched it: the same mean, less variance.</summary>
/// <remarks>
/// Deng, Xu, Kohavi and Walker 2013: y − θ (x − mean x), θ = cov(x, y) / var(x). Fit once, on both arms together or on earlier data, and
/// adjust both arms alike; x must not depend on the arm.
/// </remarks>
/// <param name="Theta">y per x.</param>
/// <param name="Mean">Mean of x.</param>
/// <param name="Explained">Share of the variance of y that is taken out: the squared correlation.</param>
public readonly record struct Cuped(double Theta, double Mean, double Explained)
{
    /// <summary>The θ of least variance; 0 when x does not vary.</summary>
    /// <param name="covariates">x, finite: [rows].</param>
    /// <param name="values">y, finite: [rows].</param>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, or a number is not finite; the message names its index.</exception>
    public static Cuped Fit(ReadOnlySpan<double> covariates, ReadOnlySpan<double> values)
    {
        if (covariates.Length != values.Length)
            throw new ArgumentException($"{covariates.Length} covariates for {values.Length} values", nameof(values));
        if (values.IsEmpty) throw new ArgumentException("no rows to fit", nameof(values));
        double meanX = 0, meanY = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(covariates[i]))
                throw new ArgumentException($"covariate {i} is {covariates[i]}: only finite numbers", nameof(covariates));
            if (!double.IsFinite(values[i])) throw new ArgumentException($"value {i} is {values[i]}: only finite numbers", nameof(values));
            meanX += (covariates[i] - meanX) / (i + 1);
            meanY += (values[i] - meanY) / (i + 1);
        }
        double xx = 0, xy = 0, yy = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double x = covariates[i] - meanX, y = values[i] - meanY;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        return xx > 0 ? new Cuped(xy / xx, meanX, yy > 0 ? xy * xy / (xx * yy) : 0) : new Cuped(0, meanX, 0);
    }

    /// <summary>y without what x foretold.</summary>
    public double Adjust(double covariate, double value) => value - Theta * (covariate - Mean);
}
