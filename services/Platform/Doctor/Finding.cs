namespace QuadTurbo.Platform.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>It works, and could be better.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Problem,
}

/// <summary>What one check of the doctor found.</summary>
/// <param name="Code">Stable name.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Cause">What was measured, against what limit.</param>
/// <param name="Fix">Exactly what to do; null when there is nothing to do.</param>
internal sealed record Finding(string Code, Severity Severity, string Cause, string? Fix = null)
{
    public static Finding Fine(string code, string cause) => new(code, Severity.Fine, cause);

    public static Finding Warning(string code, string cause, string fix) => new(code, Severity.Warning, cause, fix);

    public static Finding Problem(string code, string cause, string fix) => new(code, Severity.Problem, cause, fix);
}
