namespace QuadTurbo.Benchmarks;

/// <summary>The bars T1-T5 of boosting, and its quality beside xgboost's.</summary>
internal static class BoostingBench
{
    public static void Run(string[] args) => Console.WriteLine($"boosting {string.Join(' ', args)}");
}
