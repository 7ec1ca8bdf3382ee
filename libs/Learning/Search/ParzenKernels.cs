namespace QuadTurbo.Learning.Search;

/// <summary>A mixture over one parameter: one kernel around each observed value, and a wide one that covers the whole range.</summary>
/// <remarks>
/// A number's kernel is a <see cref="TruncatedNormal"/> on the parameter's scale; a whole number takes the mass of ±½ around it.
/// A choice's kernel gives each name 1 / kernels and the observed one 1 more, over their sum: smoothed counts.
/// </remarks>
internal sealed class ParzenKernels
{
    private readonly Parameter _parameter;
    private readonly TruncatedNormal[] _normals;
    private readonly double[] _observed;

    /// <param name="parameter">What is drawn.</param>
    /// <param name="observed">Its values at the points of one group.</param>
    /// <param name="width">Standard deviation of each kernel on the scale; the last one is the wide one's.</param>
    public ParzenKernels(Parameter parameter, double[] observed, Func<Parameter, double[], double[]> width)
    {
        _parameter = parameter;
        _observed = observed;
        _normals = [];
        if (parameter.Kind == ParameterKind.Choice) return;
        double low = parameter.ScaleLow, high = parameter.ScaleHigh;
        double[] means = [.. observed.Select(parameter.Scale), (low + high) / 2];
        double[] widths = width(parameter, means);
        _normals = [.. means.Select((mean, i) => new TruncatedNormal(mean, widths[i], low, high))];
    }

    /// <summary>Kernels, the wide one last.</summary>
    public int Count => _observed.Length + 1;

    /// <summary>A value of one kernel for a uniform draw.</summary>
    public double Draw(int kernel, double uniform)
    {
        if (_parameter.Kind != ParameterKind.Choice) return _parameter.Unscale(_normals[kernel].Quantile(uniform));
        double sum = 0;
        for (int c = 0; c < _parameter.Choices.Count; c++)
        {
            sum += Probability(kernel, c);
            if (uniform < sum) return c;
        }
        return _parameter.High;
    }

    /// <summary>Density of a number, probability of a whole number or choice, under one kernel.</summary>
    public double Probability(int kernel, double value)
    {
        if (_parameter.Kind == ParameterKind.Choice)
        {
            if (kernel == _observed.Length) return 1.0 / _parameter.Choices.Count;
            double prior = 1.0 / Count;
            return (prior + (_observed[kernel] == value ? 1 : 0)) / (1 + _parameter.Choices.Count * prior);
        }
        ref readonly TruncatedNormal normal = ref _normals[kernel];
        return _parameter.Kind == ParameterKind.Real
            ? normal.Density(_parameter.Scale(value))
            : normal.Mass(_parameter.Scale(value - 0.5), _parameter.Scale(value + 0.5));
    }
}
