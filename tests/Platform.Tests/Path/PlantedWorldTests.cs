using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>The whole path learns what there is to learn, and nothing where there is nothing.</summary>
public sealed class PlantedWorldTests(ITestOutputHelper output)
{
    private const int ReadAt = 2_000;
    private const int BlockLength = 50;
    private const int Draws = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task In_a_planted_world_scores_given_before_their_outcome_tell_it_better_than_0_6(long seed) =>
        Assert.True(await PlantedAucAsync(seed) > 0.6);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task In_a_noise_world_they_tell_nothing(long seed) => Assert.True(await TellsNothingAsync(seed));

    [Fact]
    [Trait("Category", "Long")]
    public async Task In_every_one_of_20_planted_worlds_they_tell_it_better_than_0_6()
    {
        for (int seed = 1; seed <= 20; seed++) Assert.True(await PlantedAucAsync(seed) > 0.6, $"seed {seed}");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task In_at_least_19_of_20_noise_worlds_they_tell_nothing()
    {
        int nothing = 0;
        for (int seed = 1; seed <= 20; seed++) nothing += await TellsNothingAsync(seed) ? 1 : 0;
        Assert.InRange(nothing, 19, 20);
    }

    private async Task<double> PlantedAucAsync(long seed)
    {
        (double[] scores, bool[] labels) = await LearnAsync(seed, instants: 5_000, noise: false);
        double auc = Classification.Auc(scores, labels);
        output.WriteLine($"planted, seed {seed}: AUC {auc:0.0000} over {scores.Length} samples");
        Assert.InRange(scores.Length, 10_000, 20_000);
        return auc;
    }

    private async Task<bool> TellsNothingAsync(long seed)
    {
        (double[] scores, bool[] labels) = await LearnAsync(seed, instants: 600, noise: true);
        Assert.True(scores.Length >= ReadAt, $"only {scores.Length} samples");
        (scores, labels) = (scores[..ReadAt], labels[..ReadAt]);
        double auc = Classification.Auc(scores, labels);
        double error = Bootstrap.AucStandardError(scores, labels, BlockLength, Draws, seed);
        output.WriteLine($"noise, seed {seed}: AUC {auc:0.0000}, standard error {error:0.0000}");
        return Math.Abs(auc - 0.5) <= 3 * error;
    }

    private static async Task<(double[] Scores, bool[] Labels)> LearnAsync(long seed, long instants, bool noise)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("planted");
        try
        {
            var plan = new PlatformRunPlan
            {
                Schedule = Schedule.Lockstep,
                DataDirectory = folder.FullName,
                Settings = Replayed.SettingsOf(null,
                    [$"feed.seed={seed}", $"feed.instants={instants}", $"feed.noise={(noise ? "true" : "false")}", "detection.directional=false", "triggers.interval=1000"]),
                SyntheticStart = Replayed.Start,
            };
            await using PlatformRun run = PlatformRun.Create(plan, TheHouse.Services);
            await run.StartAsync();
            await run.Pump.Completion;
            (double[], bool[]) recent = run.Services.GetRequiredService<TrainingLane>().Recent(OpportunityKind.CrossVenue);
            await run.StopAsync();
            return recent;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
