using System.Text.RegularExpressions;

namespace QuadTurbo.Platform.Tests.Architecture;

/// <summary>What the product does not do: take time or chance from anywhere but their sources, hold without bound, sleep.</summary>
public sealed partial class HabitTests
{
    private static readonly (string File, string Habit, string Why)[] Allowed =
    [
        ("libs/Hosting/Faults/CrashPoint.cs", "Thread.Sleep", "waits to be killed by the signal it has sent itself: it must not take a step further"),
        ("services/Auditor/Ledger/LedgerLock.cs", "Thread.Sleep", "waits for another process to let go of a file lock, which nothing signals; before any service runs"),
    ];

    [Fact]
    public void Time_comes_from_a_time_provider_chance_from_a_seed_and_every_channel_is_bounded()
    {
        var found = new List<(string File, string Habit)>();
        foreach ((string file, string[] lines) in Sources.Code("libs", "services"))
        {
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].TrimStart().StartsWith("//", StringComparison.Ordinal)) continue;
                foreach (Match match in Habit().Matches(lines[i]))
                {
                    found.Add((file, match.Value));
                    Assert.True(Allowed.Any(a => a.File == file && a.Habit == match.Value), $"{file}:{i + 1} uses {match.Value}");
                }
            }
        }
        Assert.All(Allowed, a => Assert.Contains((a.File, a.Habit), found));
    }

    [Fact]
    public void No_test_is_skipped()
    {
        foreach ((string file, string[] lines) in Sources.Code("tests"))
            Assert.True(!lines.Any(line => SkippedTest().IsMatch(line)), $"{file} skips a test");
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bRandom\.Shared\b|\bnew Random\(|\bThread\.Sleep\b|\bCreateUnbounded\b|\bGuid\.NewGuid\b|\bTickCount(64)?\b")]
    private static partial Regex Habit();

    [GeneratedRegex(@"\bSkip(Unless|When)?\s*=\s*[""nt]")]
    private static partial Regex SkippedTest();
}
