namespace QuadTurbo.Auditor.Audit;

/// <summary>Every opportunity has a verdict, and every lane that owes it an outcome has given one.</summary>
/// <param name="Opportunities">Detected or submitted.</param>
/// <param name="Verdicts">Judged.</param>
/// <param name="Due">Outcomes owed by the lanes.</param>
/// <param name="Outcomes">Outcomes given.</param>
public readonly record struct Conservation(long Opportunities, long Verdicts, long Due, long Outcomes)
{
    /// <summary>(detected − verdicts) + (due − outcomes); 0 once the path is idle.</summary>
    public long Missing => Opportunities - Verdicts + Due - Outcomes;
}
