using System.Runtime.Intrinsics.X86;
using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Scoring.Trees;

/// <summary>An ensemble laid out for speed when it is loaded: the bits of <see cref="TreeEnsemble.Margin"/>, sooner.</summary>
/// <remarks>Immutable, shared by any number of threads, and free of allocation when scoring.</remarks>
public sealed class CompiledTrees
{
    private readonly ITreeKernel _kernel;

    /// <summary>Compiled for the fastest kernel that this processor has and the ensemble fits.</summary>
    public CompiledTrees(TreeEnsemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        Features = ensemble.Features;
        foreach (TreeKernel kernel in (ReadOnlySpan<TreeKernel>)[TreeKernel.Vbmi, TreeKernel.Portable])
        {
            if (TryMake(ensemble, kernel) is not { } made) continue;
            (Kernel, _kernel) = (kernel, made);
            return;
        }
        (Kernel, _kernel) = (TreeKernel.Walk, new WalkKernel(ensemble));
    }

    /// <summary>Compiled for the kernel named.</summary>
    /// <exception cref="ArgumentException">The processor lacks it, or the ensemble does not fit.</exception>
    public CompiledTrees(TreeEnsemble ensemble, TreeKernel kernel)
    {
        _kernel = TryMake(ensemble, kernel) ?? throw new ArgumentException($"kernel {kernel} does not hold this ensemble on this processor", nameof(kernel));
        (Features, Kernel) = (ensemble.Features, kernel);
    }

    /// <summary>Columns of a row.</summary>
    public int Features { get; }

    /// <summary>The kernel that was chosen.</summary>
    public TreeKernel Kernel { get; }

    /// <summary>Whether this processor has the kernel and the ensemble fits it.</summary>
    public static bool Holds(TreeEnsemble ensemble, TreeKernel kernel) => TryMake(ensemble, kernel) is not null;

    /// <summary>The margin of one row.</summary>
    /// <param name="row">features: [Features]; NaN is missing.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public float Margin(ReadOnlySpan<float> row)
    {
        if (row.Length != Features) throw new ArgumentException($"a row of {row.Length} features; the ensemble reads {Features}", nameof(row));
        float margin = _kernel.Margin(row);
        GC.KeepAlive(this); // kernels read pinned tables by address, which must outlive the call
        return margin;
    }

    /// <summary>The margins of a batch; fastest by 64 rows and more at a time.</summary>
    /// <param name="rows">[count, Features], row-major.</param>
    /// <param name="margins">[count].</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Margins(ReadOnlySpan<float> rows, Span<float> margins)
    {
        if (rows.Length != (long)margins.Length * Features)
            throw new ArgumentException($"{rows.Length} numbers for {margins.Length} rows of {Features} features", nameof(rows));
        if (margins.Length > 0) _kernel.Margins(rows, margins);
        GC.KeepAlive(this);
    }

    private static ITreeKernel? TryMake(TreeEnsemble ensemble, TreeKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        int depth = TreeLayout.DepthOf(ensemble);
        return kernel switch
        {
            TreeKernel.Vbmi => Avx512Vbmi.IsSupported && depth <= ByteTrees.Depth && ByteTrees.TryMake(new TreeLayout(ensemble, ByteTrees.Depth)) is { } trees
                ? new VbmiKernel(trees) : null,
            TreeKernel.Portable => depth <= PortableKernel.Depth && ensemble.Features <= PortableKernel.Features ? new PortableKernel(new TreeLayout(ensemble, depth)) : null,
            TreeKernel.Walk => new WalkKernel(ensemble),
            _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "no such kernel"),
        };
    }
}
