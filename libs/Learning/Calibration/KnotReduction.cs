namespace QuadTurbo.Learning.Calibration;

/// <summary>Chooses the ends of an isotonic fit that a small table keeps.</summary>
internal static class KnotReduction
{
    // The search is quadratic in these; past them (some 10 million rows, or a staircase) evenly spaced ends stand for all.
    private const int MostCandidates = 512;

    /// <summary>
    /// The at most <paramref name="most"/> positions in <paramref name="fit"/>'s ends, first and last among them, whose linear interpolation
    /// loses least: min Σ w (g(x) − fit(x))² over the rows. Exact dynamic programme, O(most × ends²).
    /// </summary>
    public static int[] Choose(IsotonicRegression fit, int most)
    {
        int[] candidates = Candidates(fit.X.Length);
        int n = candidates.Length;
        if (n <= most) return candidates;
        double[] losses = Losses(fit, candidates);
        var best = new double[n];
        var next = new double[n];
        var from = new int[most, n];
        for (int j = 1; j < n; j++) best[j] = losses[j];
        // After k rounds best[j] is the least loss up to j with k + 1 knots, the last of them at j.
        for (int knots = 2; knots < most; knots++)
        {
            for (int j = 0; j < n; j++)
            {
                (next[j], from[knots, j]) = (best[j], -1);
                for (int i = 1; i < j; i++)
                {
                    double loss = best[i] + losses[i * n + j];
                    if (loss < next[j]) (next[j], from[knots, j]) = (loss, i);
                }
            }
            (best, next) = (next, best);
        }
        var chosen = new List<int> { candidates[n - 1] };
        for (int knots = most - 1, j = n - 1; knots >= 2; knots--)
        {
            if (from[knots, j] < 0) continue;
            j = from[knots, j];
            chosen.Add(candidates[j]);
        }
        chosen.Add(candidates[0]);
        chosen.Reverse();
        return [.. chosen];
    }

    private static int[] Candidates(int ends)
    {
        var candidates = new int[Math.Min(ends, MostCandidates)];
        for (int i = 0; i < candidates.Length; i++)
            candidates[i] = ends <= MostCandidates ? i : (int)((long)i * (ends - 1) / (MostCandidates - 1));
        return candidates;
    }

    // losses[i n + j]: what one line from candidate i to candidate j loses on the rows between them.
    private static double[] Losses(IsotonicRegression fit, int[] candidates)
    {
        Mass[] upTo = Masses(fit);
        int n = candidates.Length;
        var losses = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            double x = fit.X[candidates[i]], y = fit.Y[candidates[i]];
            for (int j = i + 1; j < n; j++)
            {
                double slope = (fit.Y[candidates[j]] - y) / (fit.X[candidates[j]] - x);
                losses[i * n + j] = Math.Max(0, (upTo[candidates[j]] - upTo[candidates[i]]).Loss(x, y, slope));
            }
        }
        return losses;
    }

    // Rows at or before each end; a block's rows count from its last end on, so that a line from its first end carries them and one from its last
    // does not.
    private static Mass[] Masses(IsotonicRegression fit)
    {
        var masses = new Mass[fit.X.Length];
        Mass sum = default;
        for (int b = 0, at = 0; b < fit.Blocks.Length; b++)
        {
            IsotonicRegression.Block block = fit.Blocks[b];
            if (block.Last > block.First) masses[at++] = sum;
            double w = block.Weight, y = block.Mean;
            (double x, double xx) = fit.Spreads[b];
            sum += new Mass(w, x, xx, w * y, x * y, w * y * y);
            masses[at++] = sum;
        }
        return masses;
    }

    /// <summary>Σ w, Σ w x, Σ w x², Σ w y, Σ w x y and Σ w y² of some rows, y the fit's value.</summary>
    private readonly record struct Mass(double W, double X, double XX, double Y, double XY, double YY)
    {
        public static Mass operator +(Mass a, Mass b) => new(a.W + b.W, a.X + b.X, a.XX + b.XX, a.Y + b.Y, a.XY + b.XY, a.YY + b.YY);

        public static Mass operator -(Mass a, Mass b) => new(a.W - b.W, a.X - b.X, a.XX - b.XX, a.Y - b.Y, a.XY - b.XY, a.YY - b.YY);

        // Σ w (y₀ + s (x − x₀) − y)².
        public double Loss(double x0, double y0, double slope)
        {
            double dx = X - x0 * W, dxx = XX - 2 * x0 * X + x0 * x0 * W;
            double dy = Y - y0 * W, dyy = YY - 2 * y0 * Y + y0 * y0 * W;
            double dxy = XY - x0 * Y - y0 * X + x0 * y0 * W;
            return slope * slope * dxx - 2 * slope * dxy + dyy;
        }
    }
}
