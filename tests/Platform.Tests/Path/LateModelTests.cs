using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Platform.Tests.Commands;
using QuadTurbo.Scoring;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>Lanes write side by side, so a decision may stand before the model that made it.</summary>
public sealed class LateModelTests
{
    [Fact]
    public async Task Decisions_are_verified_wherever_their_models_stand()
    {
        using Replayed replay = await Replayed.OfSyntheticAsync("feed.seed=1", "feed.instants=1200");
        Assert.Contains(replay.Decisions, d => d.Decision.Model.Id != ModelPackage.Baseline.Ref.Id);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("late");
        try
        {
            using (var late = LedgerWriter.Open(folder.FullName, new LedgerOptions(), TimeProvider.System))
            {
                (ushort Kind, byte[] Payload)[] records = [.. LedgerReader.Open(replay.DataDirectory).Read().Select(e => (e.Kind, e.Payload.ToArray()))];
                foreach ((ushort kind, byte[] payload) in records.OrderBy(r => r.Kind == (ushort)RecordKind.Model)) late.Append(kind, payload);
                late.Seal();
            }

            Answer answer = await QuadTurboProcess.RunAsync("verify", "--decisions", "--data-dir", folder.FullName);

            Assert.True(answer.Code == 0, answer.Output + answer.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
