namespace QuadTurbo.Learning.Online;

/// <summary>The constant term, learnt by Newton steps: it follows the base rate from the first samples on.</summary>
/// <remarks>H += w p (1 − p); b −= w (p − y) / H. With no other weight b is close to the logit of the running base rate.</remarks>
internal struct Intercept
{
    /// <summary>The constant term.</summary>
    public double Value;

    /// <summary>Curvature seen so far, at most that of the horizon.</summary>
    public double Curvature;

    public void Step(double weight, double probability, double slope, double prior, int horizon)
    {
        // A sample at p = 1/2 has curvature 1/4.
        Curvature = Math.Min(Curvature + weight * probability * (1 - probability), 0.25 * horizon);
        Value -= slope / (prior + Curvature);
    }
}
