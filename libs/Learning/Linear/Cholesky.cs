namespace QuadTurbo.Learning.Linear;

/// <summary>Symmetric positive definite matrices as A = L Lᵀ; [n, n], row-major, of which only the lower triangle is read and written.</summary>
internal static class Cholesky
{
    /// <summary>Puts L in the place of A; false, with A half overwritten, where A is not positive definite.</summary>
    public static bool TryFactor(Span<double> a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
                if (j < i) a[i * n + j] = sum / a[j * n + j];
                else if (sum > 0) a[i * n + i] = Math.Sqrt(sum);
                else return false;
            }
        }
        return true;
    }

    /// <summary>Puts x in the place of b, where L Lᵀ x = b.</summary>
    public static void Solve(ReadOnlySpan<double> l, int n, Span<double> b)
    {
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++) b[i] -= l[i * n + k] * b[k];
            b[i] /= l[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++) b[i] -= l[k * n + i] * b[k];
            b[i] /= l[i * n + i];
        }
    }

    /// <summary>Puts the inverse of L, itself lower triangular, in the place of L.</summary>
    public static void InvertFactor(Span<double> l, int n)
    {
        for (int j = 0; j < n; j++)
        {
            l[j * n + j] = 1 / l[j * n + j];
            for (int i = j + 1; i < n; i++)
            {
                double sum = 0;
                for (int k = j; k < i; k++) sum -= l[i * n + k] * l[k * n + j];
                l[i * n + j] = sum / l[i * n + i];
            }
        }
    }
}
