using QuadTurbo.Trading;

namespace QuadTurbo.Sidecar.PubSub;

/// <summary>A resiliency retry policy.</summary>
public sealed record RetryPolicy
{
    /// <summary>Most attempts after the first; −1: for ever, which is what a policy that does not say so means.</summary>
    public int MaxRetries { get; init; } = -1;

    /// <summary>Whether the pause grows: 500 ms, × 1.5 each, ± 50 %, at most <see cref="MaxInterval"/>, and no more once 15 minutes have passed.</summary>
    public bool Exponential { get; init; }

    /// <summary>The pause of a constant policy.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause of an exponential one.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the ± 50 % come from.</summary>
    public long Seed { get; init; }

    private static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromMinutes(15);

    /// <summary>The pause after attempt <paramref name="attempt"/> (from 1), or null if that was the last.</summary>
    internal TimeSpan? PauseAfter(int attempt, TimeSpan elapsed)
    {
        if (MaxRetries >= 0 && attempt > MaxRetries) return null;
        if (!Exponential) return Duration;
        double middle = Math.Min(Initial.TotalSeconds * Math.Pow(1.5, attempt - 1), MaxInterval.TotalSeconds);
        TimeSpan pause = TimeSpan.FromSeconds(middle * (0.5 + SeededRandom.Keyed(Seed, (ulong)attempt).NextDouble()));
        return elapsed + pause > Patience ? null : pause;
    }

    /// <summary>Tries until it succeeds or <paramref name="policy"/> gives up; null: once.</summary>
    internal static async Task<bool> RunAsync(RetryPolicy? policy, Func<int, Task<bool>> attempt, TimeProvider clock, CancellationToken ct)
    {
        DateTimeOffset start = clock.GetUtcNow();
        for (int number = 1; ; number++)
        {
            if (await attempt(number)) return true;
            if (policy?.PauseAfter(number, clock.GetUtcNow() - start) is not { } pause) return false;
            await Task.Delay(pause, clock, ct);
        }
    }
}
