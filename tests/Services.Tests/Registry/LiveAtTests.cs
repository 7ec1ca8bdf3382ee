using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public class LiveAtTests
{
    private const VersionType Meta = VersionType.MetaLabel;

    [Fact]
    public void What_was_live_at_any_instant_is_what_a_replay_of_the_history_up_to_it_says() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000).ArrayOf(60).ToArbitrary(),
            static draws =>
            {
                using var registry = new TemporaryRegistry();
                Live(registry, draws);
                IReadOnlyList<HistoryEntry> lines = History.Read(registry.Folder);
                registry.Reopen();
                // Every instant at which something happened, one tick beside it, and the ends of time.
                IEnumerable<DateTime> instants = lines.SelectMany(l => new[] { l.At, l.At.AddTicks(-1), l.At.AddTicks(1) })
                    .Append(DateTime.MinValue).Append(DateTime.MaxValue);
                return instants.All(t =>
                {
                    LiveModel live = registry.Catalogue.LiveAt(Meta, t);
                    return Replay(lines, t) == (live.Champion?.Id, live.Challenger?.Id, live.Share, live.Pinned, live.Why, live.Seq);
                });
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    // Brute force: reads the lines one by one and keeps four variables. The first line is that of the baseline: before it there was nothing.
    private static (string? Champion, string? Challenger, double Share, bool Pinned, string Why, long Seq) Replay(
        IEnumerable<HistoryEntry> lines, DateTime instant)
    {
        if (instant < lines.First().At) return (null, null, 0, false, "nothing was live: this registry begins later", 0);
        (string? Champion, string? Challenger, double Share, bool Pinned, string Why, long Seq) live =
            (ModelPackage.Baseline.Ref.Id, null, 0, false, "the labelled baseline serves before anything is assigned", 0);
        foreach (HistoryEntry line in lines.TakeWhile(l => l.At <= instant))
        {
            live = line.What switch
            {
                HistoryKind.Assigned => (line.Model, null, 0, live.Pinned, line.Why, line.Seq),
                HistoryKind.Promoted => (line.Model, null, 0, false, line.Why, line.Seq),
                HistoryKind.RolledBack => (line.Model, null, 0, live.Pinned || ((RolledBack)line.Details).Pinned, line.Why, line.Seq),
                HistoryKind.ExperimentStarted => (live.Champion, line.Model, ((ExperimentStarted)line.Details).Share, live.Pinned, line.Why, line.Seq),
                HistoryKind.Ramped => (live.Champion, live.Challenger, ((Ramped)line.Details).Share, live.Pinned, line.Why, line.Seq),
                HistoryKind.ExperimentEnded => (live.Champion, null, 0, live.Pinned, line.Why, line.Seq),
                HistoryKind.Pinned => (live.Champion, live.Challenger, live.Share, ((Pinned)line.Details).Held, line.Why, line.Seq),
                _ => live,
            };
        }
        return live;
    }

    // Sixty requests drawn at random, a third of them at the same instant as the one before; those that are refused change nothing.
    private static void Live(TemporaryRegistry registry, int[] draws)
    {
        VersionCatalogue catalogue = registry.Catalogue;
        string[] ids = [registry.Register(ModelPackage.Baseline).Model.Id, .. Enumerable.Range(1, 5).Select(i => registry.Register(i))];
        DateTime now = Noon;
        foreach (int draw in draws)
        {
            now = now.AddSeconds(draw % 3);
            string id = ids[draw % ids.Length], why = $"draw {draw}";
            try
            {
                _ = (draw / 7 % 8) switch
                {
                    0 => catalogue.Assign(id, why, now),
                    1 or 2 => catalogue.StartExperiment(id, 0.1 + draw % 5 * 0.1, why, now),
                    3 => catalogue.Ramp(Meta, 0.5, why, now),
                    4 => catalogue.Promote(Meta, why, now),
                    5 => catalogue.EndExperiment(Meta, why, now),
                    6 => catalogue.RollBack(Meta, draw % 2 == 0 ? id : null, why, now, pinned: draw % 3 == 0),
                    7 when draw % 2 == 0 => catalogue.Pin(Meta, draw % 4 == 0, why, now),
                    _ => (object)catalogue.Tag(id, "draw", why, why, now),
                };
            }
            catch (RegistryRefusedException)
            {
            }
        }
    }
}
