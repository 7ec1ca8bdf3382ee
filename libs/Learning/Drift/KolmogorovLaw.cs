namespace QuadTurbo.Learning.Drift;

/// <summary>The law of the one-sample, two-sided Kolmogorov-Smirnov distance.</summary>
/// <remarks>
/// Which formula serves where follows Simard and L'Ecuyer 2011. Where the tail is 1 − P it is exact to about 1e-13 absolute;
/// the sum of Birnbaum and Tingey is exact to about 1e-13 relative.
/// </remarks>
internal static class KolmogorovLaw
{
    // ln k! − (k + ½) ln k + k − ½ ln 2π, k = 0 (unused) .. 15; the series takes over where it is exact.
    private static readonly double[] StirlingErrors = MakeStirlingErrors();

    /// <summary>P(D ≥ <paramref name="d"/>) for <paramref name="n"/> values; 1 for none, which tell nothing.</summary>
    public static double Tail(int n, double d)
    {
        if (n < 1 || d <= 0) return 1;
        if (d >= 1) return 0;
        double t = n * d, squared = t * d;
        if (t <= 0.5) return 1;
        if (t <= 1) return 1 - SmallestDistances(n, t);
        if (d >= 0.5) return 2 * OneSided(n, d);
        if (n <= 140) return squared <= 4 ? 1 - Durbin(n, d) : 2 * OneSided(n, d);
        if (squared >= 370) return 0;
        if (squared >= 2.2) return 2 * OneSided(n, d);
        return 1 - (n <= 100_000 && n * Math.Pow(d, 1.5) <= 1.4 ? Durbin(n, d) : PelzGood(n, d));
    }

    // P(D ≤ d) = n! ((2t − 1) / n)ⁿ for ½ ≤ t = nd ≤ 1 (Ruben and Gambino 1982).
    private static double SmallestDistances(int n, double t)
    {
        double p = 1;
        for (int i = 1; i <= n && p > 0; i++) p *= i * (2 * t - 1) / n;
        return p;
    }

    // P(D⁺ ≥ d) = d Σ_j C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j) (Birnbaum and Tingey 1951). Each term is a binomial probability over its
    // own p, computed from deviances (Loader 2000): logarithms of factorials would lose four digits at n = 10,000.
    private static double OneSided(int n, double d)
    {
        double t = n * d, sum = Math.Exp(n * double.LogP1(-d)), whole = StirlingError(n);
        for (int j = 1; j < n; j++)
        {
            if (n - j - t <= 0) break;
            double exponent = whole - StirlingError(j) - StirlingError(n - j) - Deviance(j, -t) - Deviance(n - j, t);
            sum += t / (t + j) * Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * j * (n - j)));
        }
        return sum;
    }

    // x ln(x / mean) + mean − x with mean = x − difference, without cancellation where x is near its mean.
    private static double Deviance(double x, double difference)
    {
        double mean = x - difference;
        if (Math.Abs(difference) >= 0.1 * (x + mean)) return x * Math.Log(x / mean) - difference;
        double v = difference / (x + mean), sum = difference * v, power = 2 * x * v;
        for (int k = 1; k < 1000; k++)
        {
            power *= v * v;
            double next = sum + power / (2 * k + 1);
            if (next == sum) break;
            sum = next;
        }
        return sum;
    }

    private static double StirlingError(int k)
    {
        if (k < StirlingErrors.Length) return StirlingErrors[k];
        double s = 1.0 / ((double)k * k);
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - 691.0 / 360360 * s) * s) * s) * s) * s) / k;
    }

    private static double[] MakeStirlingErrors()
    {
        var errors = new double[16];
        double logFactorial = 0, half = 0.5 * Math.Log(2 * Math.PI);
        for (int k = 1; k < errors.Length; k++)
        {
            logFactorial += Math.Log(k);
            errors[k] = logFactorial - (k + 0.5) * Math.Log(k) + k - half;
        }
        return errors;
    }

    // P(D ≤ d) = n!/nⁿ (Hⁿ)_kk with d = (k − h)/n (Durbin 1968; Marsaglia, Tsang and Wang 2003).
    private static double Durbin(int n, double d)
    {
        int k = (int)Math.Ceiling(n * d), size = 2 * k - 1;
        double[] power = DurbinMatrix(size, k - n * d);
        double[]? product = null;
        int powerExponent = 0, productExponent = 0;
        for (int left = n; ; left >>= 1)
        {
            if ((left & 1) == 1)
            {
                product = product is null ? power : Multiply(product, power, size);
                productExponent += powerExponent;
                productExponent += Rescale(product, size, k);
            }
            if (left == 1) break;
            power = Multiply(power, power, size);
            powerExponent = 2 * powerExponent + Rescale(power, size, k);
        }
        double p = product![(k - 1) * size + k - 1];
        for (int i = 1; i <= n; i++)
        {
            p = p * i / n;
            if (p >= 1e-140) continue;
            p *= 1e140;
            productExponent--;
        }
        return productExponent < -2 ? 0 : p * Math.Pow(1e140, productExponent);
    }

    private static double[] DurbinMatrix(int size, double h)
    {
        var matrix = new double[size * size];
        var inverse = new double[size + 1];
        inverse[0] = 1;
        for (int i = 1; i <= size; i++) inverse[i] = inverse[i - 1] / i;
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= Math.Min(i + 1, size - 1); j++) matrix[i * size + j] = inverse[i - j + 1];
        for (int i = 0; i < size; i++)
        {
            double edge = (1 - Math.Pow(h, i + 1)) * inverse[i + 1];
            matrix[i * size] = edge;
            matrix[(size - 1) * size + size - 1 - i] = edge;
        }
        matrix[(size - 1) * size] = (1 - 2 * Math.Pow(h, size) + Math.Pow(Math.Max(2 * h - 1, 0), size)) * inverse[size];
        return matrix;
    }

    private static double[] Multiply(double[] a, double[] b, int size)
    {
        var product = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int l = 0; l < size; l++)
                for (int j = 0; j < size; j++) product[i * size + j] += a[i * size + l] * b[l * size + j];
        return product;
    }

    // Keeps the middle element below 1e140 so that squares stay finite; gives the powers of 1e140 taken out.
    private static int Rescale(double[] matrix, int size, int k)
    {
        if (matrix[(k - 1) * size + k - 1] <= 1e140) return 0;
        for (int i = 0; i < matrix.Length; i++) matrix[i] *= 1e-140;
        return 1;
    }

    // P(D ≤ d) by four terms in 1/√n, their theta functions turned round so that small z = d√n converges (Pelz and Good 1976).
    private static double PelzGood(int n, double d)
    {
        double z = d * Math.Sqrt(n), z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, z8 = z4 * z4;
        const double Pi2 = Math.PI * Math.PI, Pi4 = Pi2 * Pi2, Pi6 = Pi4 * Pi2;
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, even2 = 0, even3 = 0;
        for (int k = (int)Math.Ceiling(16 * z / Math.PI); k > 0; k--)
        {
            double a2 = (2.0 * k - 1) * (2.0 * k - 1), a4 = a2 * a2, a6 = a4 * a2;
            double odd = Math.Exp(-Pi2 * a2 / (8 * z2)), b2 = (double)k * k, even = b2 * Math.Exp(-Pi2 * b2 / (2 * z2));
            k0 += odd;
            k1 += odd * (Pi2 / 4 * a2 - z2);
            k2 += odd * (6 * z6 + 2 * z4 + Pi2 / 4 * (2 * z4 - 5 * z2) * a2 + Pi4 / 16 * (1 - 2 * z2) * a4);
            k3 += odd * (-30 * z6 - 90 * z8 + Pi2 / 4 * (135 * z4 - 96 * z6) * a2 + Pi4 / 16 * (212 * z4 - 60 * z2) * a4
                + Pi6 / 64 * (5 - 30 * z2) * a6);
            even2 += even;
            even3 += even * (3 * z2 - Pi2 * b2);
        }
        double root = Math.Sqrt(2 * Math.PI);
        double second = root * (k2 / (72 * z6 * z) - Pi2 * even2 / (36 * z2 * z));
        double third = root * (k3 / (6480 * z8 * z2) + Pi2 * even3 / (216 * z6));
        return root * k0 / z + root * k1 / (6 * z4) / Math.Sqrt(n) + second / n + third / (n * Math.Sqrt(n));
    }
}
