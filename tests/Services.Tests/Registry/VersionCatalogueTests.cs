using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public sealed class VersionCatalogueTests : IDisposable
{
    private const VersionType Meta = VersionType.MetaLabel;
    private readonly TemporaryRegistry _registry = new();

    private VersionCatalogue Catalogue => _registry.Catalogue;

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Identity_prefix_label_and_ordinal_name_the_same_version()
    {
        _registry.Register(1);
        string id = _registry.Register(42);

        foreach (string name in (string[])[id, id[7..], id[7..15], id[..15], "v1.0.42", "v42"])
            Assert.Equal(id, Catalogue.Resolve(Meta, name).Model.Id);

        Assert.Equal(43, Catalogue.NextOrdinal(Meta));
        Assert.Equal(1, Catalogue.NextOrdinal(VersionType.Slippage));
    }

    [Theory]
    [InlineData("v43", Refusal.NotFound)]
    [InlineData("v1.0.43", Refusal.NotFound)]
    [InlineData("00000000", Refusal.NotFound)]
    [InlineData("0000000", Refusal.Invalid)]
    [InlineData("latest", Refusal.Invalid)]
    [InlineData("", Refusal.Invalid)]
    [InlineData("v99999999999", Refusal.Invalid)]
    public void A_name_of_nothing_is_refused(string name, Refusal reason)
    {
        _registry.Register(42);

        Assert.Equal(reason, Assert.Throws<RegistryRefusedException>(() => Catalogue.Resolve(Meta, name)).Reason);
        Assert.Equal(Refusal.NotFound, Assert.Throws<RegistryRefusedException>(() => Catalogue.Resolve(VersionType.Onnx, "v42")).Reason);
    }

    [Fact]
    public void The_same_bytes_are_registered_once_and_other_bytes_do_not_take_their_names()
    {
        ModelVersion first = _registry.Register(Package(1)), again = _registry.Register(Package(1));
        Assert.Equal((first.Model, 1), (again.Model, _registry.History.Count));

        var label = Assert.Throws<RegistryRefusedException>(() => _registry.Register(Package(2, label: "v1.0.1")));
        var ordinal = Assert.Throws<RegistryRefusedException>(() => _registry.Register(Package(1, label: "v1.0.2")));

        Assert.Equal((Refusal.Conflict, Refusal.Conflict), (label.Reason, ordinal.Reason));
        Assert.Contains(first.Model.Id, label.Message, StringComparison.Ordinal);
        Assert.Contains("v1 ", ordinal.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(_registry.Folder, "artefacts")));
        Assert.Single(Catalogue.Versions());
    }

    [Fact]
    public void A_registration_that_cannot_be_true_is_refused()
    {
        ModelPackage package = Package(1);
        Registration good = Registration.Of(package, Noon);
        Refusal Try(Registration registration) =>
            Assert.Throws<RegistryRefusedException>(() => Catalogue.Register(registration, package.Bytes, "", Noon)).Reason;

        Assert.Throws<ModelRefusedException>(() => Catalogue.Register(good, Package(2).Bytes, "", Noon));
        Assert.Equal(Refusal.Invalid, Try(good with { Metrics = new Dictionary<string, double> { ["auc"] = double.NaN } }));
        Assert.Equal(Refusal.Invalid, Try(good with { Model = good.Model with { Label = "1.0" } }));
        Assert.Equal(Refusal.Invalid, Try(good with { Model = good.Model with { Ordinal = -1 } }));
        Assert.Equal(Refusal.Invalid, Try(good with { Kind = " " }));
        Assert.Equal(Refusal.Invalid, Try(good with { KnownAt = DateTime.SpecifyKind(Noon, DateTimeKind.Unspecified) }));
        Assert.Equal(Refusal.Invalid, Try(good with { Notes = new string('x', 10_001) }));
        Assert.Equal(Refusal.NotFound, Try(good with { Parent = ModelPackage.Baseline.Ref.Id }));
        Assert.Empty(Catalogue.Versions());
        Assert.Equal(0, _registry.History.Count);
    }

    [Fact]
    public void Shares_status_and_weights_follow_an_experiment_to_promotion_and_back()
    {
        (string first, string second) = (_registry.Register(1), _registry.Register(2));
        Catalogue.Assign(first, "the first", Noon);
        Assert.Equal((VersionStatus.Champion, 1), (Stands(first).Status, Stands(first).TrafficWeight));

        LiveModel live = Catalogue.StartExperiment(second, 0.2, "try", Noon);
        Assert.Equal((first, second, 0.2, "meta_label-4"), (live.Champion!.Id, live.Challenger!.Id, live.Share, live.Experiment));
        Assert.Equal((VersionStatus.Champion, 0.8), (Stands(first).Status, Stands(first).TrafficWeight));
        Assert.Equal((VersionStatus.Challenger, 0.2), (Stands(second).Status, Stands(second).TrafficWeight));

        Assert.Equal(0.5, Catalogue.Ramp(Meta, 0.5, "more", Noon).Share);
        live = Catalogue.Promote(Meta, "it won", Noon);
        Assert.Equal((second, null, 0), (live.Champion!.Id, live.Challenger, live.Share));
        Assert.Equal((VersionStatus.Candidate, 0), (Stands(first).Status, Stands(first).TrafficWeight));

        live = Catalogue.RollBack(Meta, null, "it lost", Noon);
        Assert.Equal((first, "it lost"), (live.Champion!.Id, live.Why));
        _registry.Reopen();
        Assert.Equal(live, Catalogue.LiveNow(Meta));
        Assert.Equal(VersionStatus.Champion, Stands(first).Status);
    }

    [Fact]
    public void An_experiment_that_is_not_won_leaves_the_champion()
    {
        (string first, string second) = (_registry.Register(1), _registry.Register(2));
        Catalogue.Assign(first, "the first", Noon);
        Catalogue.StartExperiment(second, 0.2, "try", Noon);

        LiveModel live = Catalogue.EndExperiment(Meta, "it lost money", Noon);

        Assert.Equal((first, null), (live.Champion!.Id, live.Challenger));
        Assert.Equal(VersionStatus.Candidate, Stands(second).Status);
        Assert.Throws<RegistryRefusedException>(() => Catalogue.Promote(Meta, "", Noon));
    }

    [Fact]
    public void A_rollback_goes_to_the_version_before_and_the_next_one_further_back()
    {
        string[] ids = [_registry.Register(ModelPackage.Baseline).Model.Id, .. Enumerable.Range(1, 4).Select(i => _registry.Register(i))];
        foreach (string id in ids[1..]) Catalogue.Assign(id, "newer", Noon);

        Assert.Equal([ids[3], ids[2]], Catalogue.Warm(Meta).Select(v => v.Model.Id));
        Assert.Equal(ids[3], Catalogue.RollBack(Meta, null, "bad", Noon).Champion!.Id);
        Assert.Equal([ids[2], ids[1]], Catalogue.Warm(Meta).Select(v => v.Model.Id));
        Catalogue.Archive(ids[2], "old", Noon);
        Assert.Equal(ids[1], Catalogue.RollBack(Meta, null, "bad", Noon).Champion!.Id);
        Assert.Equal(ids[0], Catalogue.RollBack(Meta, null, "bad", Noon).Champion!.Id);
        Assert.Empty(Catalogue.Warm(Meta));
        Assert.Equal(Refusal.Conflict, Assert.Throws<RegistryRefusedException>(() => Catalogue.RollBack(Meta, null, "bad", Noon)).Reason);
        Assert.Equal(ids[4], Catalogue.RollBack(Meta, ids[4], "asked for", Noon).Champion!.Id);
    }

    [Fact]
    public void A_rollback_ends_a_running_experiment()
    {
        (string first, string second, string third) = (_registry.Register(1), _registry.Register(2), _registry.Register(3));
        Catalogue.Assign(first, "", Noon);
        Catalogue.Assign(second, "", Noon);
        Catalogue.StartExperiment(third, 0.2, "try", Noon);

        LiveModel live = Catalogue.RollBack(Meta, null, "bad", Noon);

        Assert.Equal((first, null, 0, null), (live.Champion!.Id, live.Challenger, live.Share, live.Experiment));
    }

    [Fact]
    public void Both_versions_of_an_experiment_are_registered_and_active()
    {
        (string first, string second, string third) = (_registry.Register(1), _registry.Register(2), _registry.Register(3));
        string unknown = Package(9).Ref.Id;
        Refusal Try(string id, double share = 0.2) =>
            Assert.Throws<RegistryRefusedException>(() => Catalogue.StartExperiment(id, share, "", Noon)).Reason;

        Assert.Equal(Refusal.NotFound, Try(second)); // The baseline serves and was not registered.
        Catalogue.Assign(first, "", Noon);
        Catalogue.Activate(second, false, "broken", Noon);
        Assert.Equal(Refusal.NotFound, Try(unknown));
        Assert.Equal(Refusal.Conflict, Try(second));
        Assert.Equal(Refusal.Conflict, Try(first));
        Assert.Equal([Refusal.Invalid, Refusal.Invalid, Refusal.Invalid], new[] { 0, 1, double.NaN }.Select(s => Try(third, s)));
        Catalogue.StartExperiment(third, 0.2, "", Noon);
        Catalogue.Activate(second, true, "mended", Noon);
        Assert.Equal(Refusal.Conflict, Try(second));
        Assert.Equal(Refusal.Conflict, Assert.Throws<RegistryRefusedException>(() => Catalogue.Assign(second, "", Noon)).Reason);
    }

    [Fact]
    public void What_serves_is_neither_archived_nor_made_inactive_and_what_is_archived_does_not_serve()
    {
        (string first, string second) = (_registry.Register(1), _registry.Register(2));
        Catalogue.Assign(first, "", Noon);

        Assert.Throws<RegistryRefusedException>(() => Catalogue.Archive(first, "", Noon));
        Assert.Throws<RegistryRefusedException>(() => Catalogue.Activate(first, false, "", Noon));
        Assert.Equal((VersionStatus.Archived, false), (Catalogue.Archive(second, "", Noon).Status, Stands(second).Active));
        Assert.Throws<RegistryRefusedException>(() => Catalogue.Assign(second, "", Noon));
        Assert.Throws<RegistryRefusedException>(() => Catalogue.Activate(second, true, "", Noon));
        Assert.Equal(second, Catalogue.Resolve(Meta, "v2").Model.Id);
    }

    [Fact]
    public void Tags_are_set_changed_and_taken_away_and_outlive_a_restart()
    {
        string id = _registry.Register(1);
        Catalogue.Tag(id, "stage", "a", "", Noon);
        Catalogue.Tag(id, "stage", "b", "", Noon);
        Catalogue.Tag(id, "owner", "c", "", Noon);
        Catalogue.Tag(id, "owner", null, "", Noon);

        _registry.Reopen();

        Assert.Equal([KeyValuePair.Create("stage", "b")], Stands(id).Tags);
        Assert.Throws<RegistryRefusedException>(() => Catalogue.Tag(id, "", "x", "", Noon));
    }

    [Fact]
    public void Before_anything_is_assigned_the_baseline_serves()
    {
        _registry.Register(1, minute: 5);
        LiveModel live = Catalogue.LiveAt(Meta, Noon.AddYears(-9));

        Assert.Equal((ModelPackage.Baseline.Ref, 0), (live.Champion, live.Seq));
        Assert.Contains("baseline", live.Why, StringComparison.Ordinal);
        Assert.Null(Catalogue.LiveNow(VersionType.Regime).Champion);
    }

    private ModelVersion Stands(string id) => Catalogue.Find(id)!;
}
