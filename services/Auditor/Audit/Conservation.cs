namespace QuadTurbo.Auditor.Audit;

/// <summary>Every opportunity has a verdict, and every lane that owes it an outcome has given one.</summary>
/// <param name="Opportunities">Detected or submitted.</param>
/// <param name="Verdicts">Judged.</param>
/// <param name="Due">Outcomes owed by the lanes.</param>
/// <param name="Outcomes">Outcomes given.</param>
/// <param name="Open">Outcomes that are owed and may still come, while the market goes on.</param>
public readonly record struct Conservation(long Opportunities, long Verdicts, long Due, long Outcomes, long Open = 0)
{
    /// <summary>(detected − verdicts) + (due − outcomes), less what is open; always 0.</summary>
    public long Missing => Opportunities - Verdicts + Due - Outcomes - Open;
}
