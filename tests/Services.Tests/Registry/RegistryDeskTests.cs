using QuadTurbo.Learning.Online;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Services.Tests.Registry;

/// <summary>The desk without a lane: every decision is a line of history, and the next start says it.</summary>
public sealed class RegistryDeskTests : IDisposable
{
    private static readonly int Confidence = FeatureSchema.IndexOf("confidence");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryRegistry _registry = new();
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("desk");

    private RegistryDesk Desk => new(_registry.Catalogue, _registry.Artefacts, _files.FullName, TimeProvider.System);

    public void Dispose()
    {
        _registry.Dispose();
        _files.Delete(recursive: true);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("network")]
    [InlineData("forest")]
    public async Task An_onnx_file_of_others_scores_as_a_member_what_its_own_runtime_scores(string name)
    {
        await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx(name));

        ExperimentView experiment = await Desk.StartAbTestAsync(new StartAbTest("onnx", "v0.1.0", "v1.0.0", [0.9, 0.1]));

        var ensemble = (EnsembleHead)_registry.Artefacts.LoadPackage(experiment.Challenger.Id).CrossVenue;
        EnsembleMember member = Assert.Single(ensemble.Members);
        double[] expected = ModelFiles.Expected(name), scores = new double[expected.Length];
        member.Head.Score(ModelFiles.Rows, scores);
        Assert.Equal(("onnx", "v1.0.0"), (member.Name, member.Version));
        for (int i = 0; i < scores.Length; i++) Assert.Equal(expected[i], scores[i], 1e-6);
        Assert.Equal(("v0.1.0", "v1.0.0", "v0.1.0"), (experiment.VersionA, experiment.VersionB, experiment.Champion.Label));
        Assert.Equal([0.9, 0.1], experiment.TrafficSplit);
    }

    [Fact]
    public async Task A_typed_name_that_is_not_the_challengers_promotes_nothing()
    {
        await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx("network"));
        ExperimentView experiment = await Desk.StartAbTestAsync(new StartAbTest("onnx", "v0.1.0", "v1.0.0"));

        RegistryRefusedException refused = await Assert.ThrowsAsync<RegistryRefusedException>(
            () => Desk.PromoteWinnerAsync(new PromoteWinner("onnx", Confirm: "v9.9.9")).AsTask());

        Assert.Equal(("confirm", Refusal.Invalid), (refused.Field, refused.Reason));
        Assert.Contains(experiment.Challenger.Label, refused.Message);
        Assert.Equal(experiment.Champion, _registry.Catalogue.LiveNow(VersionType.MetaLabel).Champion);
    }

    [Fact]
    public async Task Xgboost_trees_score_the_sigmoid_of_their_margin()
    {
        await RegisterAsync("xgboost", "v1.1.0", ModelFiles.Stump(Confidence, 0.5f, 2f));
        ExperimentView experiment = await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v0.1.0", "v1.1.0"));

        ModelHead head = _registry.Artefacts.LoadPackage(experiment.Challenger.Id).CrossVenue;
        var row = new float[FeatureSchema.Count];
        row[Confidence] = 0.49f;
        Assert.Equal(Logistic.Sigmoid(-2), head.Score(row), 1e-12);
        row[Confidence] = 0.5f;
        Assert.Equal(Logistic.Sigmoid(2), head.Score(row), 1e-12);
    }

    [Fact]
    public async Task Trees_and_a_network_vote_with_the_weights_of_the_seeds_whichever_came_first()
    {
        await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx("network"));
        await RegisterAsync("xgboost", "v1.1.0", ModelFiles.Stump(Confidence, 0.5f, 2f));
        await RegisterAsync("xgboost", "v1.2.0", ModelFiles.Stump(Confidence, 0.6f, 1f));
        ExperimentView first = await Desk.StartAbTestAsync(new StartAbTest("onnx", "v0.1.0", "v1.0.0"));
        _registry.Catalogue.Promote(VersionType.MetaLabel, "a test says so", DateTime.UtcNow);

        ExperimentView second = await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v1.1.0", "v1.2.0"));

        ModelVersion champion = _registry.Catalogue.Find(second.Champion.Id)!;
        ModelPackage a = _registry.Artefacts.LoadPackage(champion.Model.Id), b = _registry.Artefacts.LoadPackage(second.Challenger.Id);
        Assert.Equal([("xgboost", "v1.1.0"), ("onnx", "v1.0.0")], Members(a));
        Assert.Equal([("xgboost", "v1.2.0"), ("onnx", "v1.0.0")], Members(b));
        Assert.Equal([0.6, 0.4], ((EnsembleHead)b.CrossVenue).Ballot.Weights.ToArray());
        Assert.Equal((first.Challenger.Id, champion.Model.Id), (champion.Parent, _registry.Catalogue.Find(second.Challenger.Id)!.Parent));
        Assert.Equal($"v0.3.{second.Challenger.Ordinal}", second.Challenger.Label);
        Assert.Contains(second.Notes, n => n.Contains("v1.1.0 did not serve", StringComparison.Ordinal));
        VersionView[] versions = [.. Desk.Summarise(new SummariseVersions(Online: true)).Versions.Where(v => v.ModelType != "meta_label")];
        Assert.Equal([("v1.0.0", 1.0, "champion"), ("v1.1.0", 0.8, "champion"), ("v1.2.0", 0.2, "challenger")],
            versions.Select(v => (v.Version, Math.Round(v.TrafficWeight, 12), v.Status)));
    }

    [Fact]
    public async Task What_is_registered_keeps_what_was_said_of_it_and_serves_nothing()
    {
        string path = Put(ModelFiles.Stump(Confidence, 0.5f, 2f));
        var metrics = new Dictionary<string, double> { ["accuracy"] = 0.89, ["precision"] = 0.88, ["recall"] = 0.9 };

        RegisteredVersion first = await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.1.0", metrics), anywhere: false);
        RegisteredVersion again = await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.1.0", metrics, Activate: true), anywhere: false);

        Assert.Equal((true, false, "candidate", 0.0), (first.Created, first.Version.Active, first.Version.Status, first.Version.TrafficWeight));
        Assert.Equal(metrics, first.Version.Metrics);
        Assert.Equal((false, true, first.Version.ModelId), (again.Created, again.Version.Active, again.Version.ModelId));
        Assert.Equal("v0.1.0", _registry.Catalogue.LiveNow(VersionType.MetaLabel).Champion!.Label);
        Assert.Equal(["v1.1.0"], _registry.Catalogue.Versions(VersionType.Xgboost).Select(v => v.Model.Label));
    }

    [Fact]
    public async Task A_package_keeps_its_identity_under_its_own_label_and_gets_another_under_another()
    {
        ModelPackage package = TemporaryRegistry.Package(7, "v1.0.7");

        VersionView own = (await RegisterAsync("meta_label", "v1.0.7", package.Bytes.ToArray())).Version;
        VersionView other = (await RegisterAsync("meta_label", "v2.0.0", package.Bytes.ToArray())).Version;
        VersionView trees = (await RegisterAsync("xgboost", "v3.0.0", _registry.Artefacts.Load(
            (await RegisterAsync("xgboost", "v2.9.0", ModelFiles.Stump(0, 1, 1))).Version.ModelId))).Version;

        Assert.Equal((package.Ref.Id, 7), (own.ModelId, own.Ordinal));
        Assert.NotEqual(package.Ref.Id, other.ModelId);
        Assert.Equal(("trees", "xgboost"), (trees.Kind, trees.ModelType));
    }

    [Fact]
    public async Task A_label_that_is_taken_or_makes_no_sense_is_refused()
    {
        await RegisterAsync("xgboost", "v1.1.0", ModelFiles.Stump(Confidence, 0.5f, 2f));

        Assert.Equal((Refusal.Conflict, "version"), await RefusedAsync(() => RegisterAsync("xgboost", "v1.1.0", ModelFiles.Stump(Confidence, 0.7f, 2f))));
        Assert.Equal((Refusal.Invalid, "version"), await RefusedAsync(() => RegisterAsync("xgboost", "1.2", ModelFiles.Stump(0, 1, 1))));
        Assert.Equal((Refusal.Invalid, "version"), await RefusedAsync(() => RegisterAsync("onnx", "v0.1.0", ModelFiles.Onnx("forest"))));
        Assert.Equal((Refusal.Invalid, "model_type"), await RefusedAsync(() => RegisterAsync("regime", "v1.0.0", [1])));
        Assert.Equal((Refusal.Invalid, "model_type"), await RefusedAsync(() => RegisterAsync("torch", "v1.0.0", [1])));
    }

    [Theory]
    [InlineData("xgboost", "{}")]
    [InlineData("xgboost", "{\"format\":1}")]
    [InlineData("xgboost", "[")]
    [InlineData("onnx", "not protobuf")]
    [InlineData("meta_label", "{\"format\":2}")]
    public async Task A_file_that_holds_no_such_model_is_refused_and_nothing_is_registered(string type, string text)
    {
        Assert.Equal((Refusal.Invalid, "model_path"), await RefusedAsync(() => RegisterAsync(type, "v1.0.0", System.Text.Encoding.UTF8.GetBytes(text))));

        Assert.Empty(_registry.Catalogue.Versions());
    }

    [Fact]
    public async Task Trees_that_answer_no_probability_or_read_other_columns_are_refused()
    {
        Assert.Equal((Refusal.Invalid, "model_path"), await RefusedAsync(() => RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(0, 1, 1, "reg:squarederror"))));
        Assert.Equal((Refusal.Invalid, "model_path"), await RefusedAsync(() => RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(0, 1, 1, features: 9))));
    }

    [Theory]
    [InlineData("accuracy", 1.01)]
    [InlineData("recall", double.NaN)]
    [InlineData("sharpe", double.PositiveInfinity)]
    public async Task A_figure_out_of_its_limits_is_named(string name, double value)
    {
        string path = Put(ModelFiles.Stump(0, 1, 1));
        var asked = new RegisterVersion("xgboost", path, "v1.0.0", new Dictionary<string, double> { [name] = value });

        Assert.Equal((Refusal.Invalid, $"metrics.{name}"), await RefusedAsync(async () => await Desk.RegisterAsync(asked, anywhere: false)));
    }

    [Fact]
    public async Task A_file_outside_the_import_folder_is_for_people_at_this_machine_alone()
    {
        string outside = Path.Combine(_files.Parent!.FullName, Path.GetRandomFileName()), link = Path.Combine(_files.FullName, "link.json");
        await File.WriteAllBytesAsync(outside, ModelFiles.Stump(0, 1, 1));
        File.CreateSymbolicLink(link, outside);
        try
        {
            foreach (string path in (string[])[outside, $"../{Path.GetFileName(outside)}", "link.json", ".", "", "a\0b"])
            {
                (Refusal reason, string? field) = await RefusedAsync(async () => await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.0.0"), anywhere: false));
                Assert.Equal((Refusal.Invalid, "model_path"), (reason, field));
            }
            Assert.Equal((Refusal.NotFound, "model_path"), await RefusedAsync(async () => await Desk.RegisterAsync(new RegisterVersion("xgboost", "gone", "v1.0.0"), anywhere: false)));
            Assert.True((await Desk.RegisterAsync(new RegisterVersion("xgboost", outside, "v1.0.0"), anywhere: true)).Created);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Theory]
    [InlineData("pipe", false)]
    [InlineData("pipe", true)]
    [InlineData("link", true)]
    [InlineData("folder", false)]
    [InlineData("folder", true)]
    public async Task What_is_no_regular_file_is_refused_by_its_name_and_never_opened(string name, bool anywhere)
    {
        string pipe = Pipe.Make(Path.Combine(_files.FullName, "pipe"));
        File.CreateSymbolicLink(Path.Combine(_files.FullName, "link"), pipe);
        _files.CreateSubdirectory("folder");
        string path = anywhere ? Path.Combine(_files.FullName, name) : name;

        // Opening it would never end: not on this thread.
        Task<RegistryRefusedException> refused = Assert.ThrowsAsync<RegistryRefusedException>(
            () => Task.Run(async () => await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.0.0"), anywhere)));

        RegistryRefusedException e = await refused.WaitAsync(Patience);
        Assert.Equal((Refusal.Invalid, "model_path"), (e.Reason, e.Field));
        Assert.Contains(name == "folder" ? "is a folder" : "is empty, or no regular file", e.Message, StringComparison.Ordinal);
        if (!anywhere) Assert.DoesNotContain(_files.FullName, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_path_is_not_said_back_whole()
    {
        string path = new string('x', 200) + "/../" + new string('y', 5_000);

        var refused = await Assert.ThrowsAsync<RegistryRefusedException>(
            async () => await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.0.0"), anywhere: false));

        Assert.True(refused.Message.Length < 300, refused.Message);
        Assert.Contains("(5204 characters)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_speaks_of_what_is_documented_and_of_the_file()
    {
        byte[] leaf = System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(ModelFiles.Stump(Confidence, 0.5f, 2f)).Replace("[0.5,-2,2]", "[0.5,-2,1e39]", StringComparison.Ordinal));

        Assert.Equal("model_type is 'lightgbm'; it must be one of xgboost, onnx, meta_label", await MessageAsync("lightgbm", [1]));
        Assert.Contains(": not an ONNX model, or not a whole one: its bytes do not read (field 13 has wire type 6)", await MessageAsync("onnx", "not protobuf"u8.ToArray()));
        Assert.EndsWith($"tree 0, node 2: its value is {float.PositiveInfinity}, which is not finite", await MessageAsync("xgboost", leaf));

        async Task<string> MessageAsync(string type, byte[] file) =>
            (await Assert.ThrowsAsync<RegistryRefusedException>(() => RegisterAsync(type, "v1.0.0", file))).Message;
    }

    [Fact]
    public async Task An_ab_test_needs_two_versions_that_are_registered_and_active_and_shares_that_sum_to_one()
    {
        await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f));
        await Desk.RegisterAsync(new RegisterVersion("xgboost", Put(ModelFiles.Stump(Confidence, 0.6f, 1f)), "v1.1.0"), anywhere: false);

        Assert.Equal((Refusal.NotFound, "version_a"), await TestAsync("v9.0.0", "v1.0.0"));
        Assert.Equal((Refusal.NotFound, "version_b"), await TestAsync("v0.1.0", "v9.0.0"));
        Assert.Equal((Refusal.Conflict, "version_b"), await TestAsync("v1.0.0", "v1.1.0"));
        Assert.Equal((Refusal.Conflict, "version_a"), await TestAsync("v1.1.0", "v1.0.0"));
        Assert.Equal((Refusal.Invalid, "version_b"), await TestAsync("v1.0.0", "v1.0.0"));
        Assert.Equal((Refusal.Invalid, "traffic_split"), await TestAsync("v0.1.0", "v1.0.0", 0.8, 0.3));
        Assert.Equal((Refusal.Invalid, "traffic_split"), await TestAsync("v0.1.0", "v1.0.0", 1, 0));
        Assert.Equal((Refusal.Invalid, "traffic_split"), await TestAsync("v0.1.0", "v1.0.0", 1));
        Assert.Null(_registry.Catalogue.LiveNow(VersionType.MetaLabel).Experiment);

        await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v0.1.0", "v1.0.0", [0.7, 0.1 + 0.2]));
        Assert.Equal((Refusal.Conflict, null), await TestAsync("v0.1.0", "v1.0.0"));

        async Task<(Refusal, string?)> TestAsync(string a, string b, params double[] split) =>
            await RefusedAsync(async () => await Desk.StartAbTestAsync(new StartAbTest("xgboost", a, b, split.Length == 0 ? null : split)));
    }

    [Fact]
    public async Task Without_the_running_process_there_is_no_evidence_to_promote_by()
    {
        Assert.Equal((Refusal.Conflict, null), await RefusedAsync(async () => await Desk.PromoteWinnerAsync(new PromoteWinner("xgboost"))));
        await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f));
        await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v0.1.0", "v1.0.0"));

        Assert.Equal((Refusal.Conflict, null), await RefusedAsync(async () => await Desk.PromoteWinnerAsync(new PromoteWinner("xgboost"))));
        Assert.Equal((Refusal.Conflict, "model_type"), await RefusedAsync(async () => await Desk.PromoteWinnerAsync(new PromoteWinner("onnx"))));
    }

    [Fact]
    public async Task Going_back_ends_the_test_or_restores_what_served_before_and_nothing_that_never_served()
    {
        await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f));
        await RegisterAsync("xgboost", "v1.1.0", ModelFiles.Stump(Confidence, 0.6f, 1f));
        await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v1.0.0", "v1.1.0"));

        LiveView ended = await Desk.RollBackAsync(new RollBack("xgboost", "v1.0.0"));
        Assert.Null(ended.Experiment);
        Assert.Equal("v0.3.1", ended.Champion!.Label);
        Assert.Equal((Refusal.Conflict, "version"), await RefusedAsync(async () => await Desk.RollBackAsync(new RollBack("xgboost", "v1.0.0"))));
        Assert.Equal((Refusal.Conflict, "version"), await RefusedAsync(async () => await Desk.RollBackAsync(new RollBack("xgboost", "v1.1.0"))));
        Assert.Equal("v0.1.0", (await Desk.RollBackAsync(new RollBack("xgboost"))).Champion!.Label);
        Assert.Equal((Refusal.Conflict, null), await RefusedAsync(async () => await Desk.RollBackAsync(new RollBack("meta_label"))));
    }

    [Fact]
    public async Task Going_back_without_a_version_undoes_one_thing_of_the_type_that_was_named_or_nothing()
    {
        await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f));
        await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx("network"));
        await RegisterAsync("onnx", "v1.1.0", ModelFiles.Onnx("logistic"));
        Assert.Equal((Refusal.Conflict, null), await RefusedAsync(async () => await Desk.RollBackAsync(new RollBack("xgboost"))));

        await Desk.StartAbTestAsync(new StartAbTest("onnx", "v1.0.0", "v1.1.0"));
        int lines = _registry.Catalogue.History.Count;
        var refused = await Assert.ThrowsAsync<RegistryRefusedException>(async () => await Desk.RollBackAsync(new RollBack("xgboost")));
        Assert.Equal("model_type", refused.Field);
        Assert.Contains("is about onnx, not xgboost", refused.Message, StringComparison.Ordinal);
        Assert.Equal((Refusal.Conflict, "model_type"), await RefusedAsync(async () => await Desk.RollBackAsync(new RollBack("xgboost", "v0.1.0"))));
        Assert.Equal(lines, _registry.Catalogue.History.Count);

        LiveView ended = await Desk.RollBackAsync(new RollBack("onnx"));
        Assert.Equal((null, "v0.3.1", false), (ended.Experiment, ended.Champion!.Label, ended.Pinned));
        refused = await Assert.ThrowsAsync<RegistryRefusedException>(async () => await Desk.RollBackAsync(new RollBack("xgboost")));
        Assert.Contains("no earlier xgboost version", refused.Message, StringComparison.Ordinal);
        Assert.Equal(lines + 1, _registry.Catalogue.History.Count);

        LiveView back = await Desk.RollBackAsync(new RollBack("onnx"));
        Assert.Equal(("v0.1.0", true), (back.Champion!.Label, back.Pinned));
        Assert.Equal(HistoryKind.RolledBack, _registry.Catalogue.History[^1].What);
        _registry.Reopen();
        Assert.True(_registry.Catalogue.LiveNow(VersionType.MetaLabel).Pinned);
        Assert.False((await Desk.UnpinAsync(new Unpin("onnx"))).Pinned);
        Assert.Equal((Refusal.Conflict, null), await RefusedAsync(async () => await Desk.UnpinAsync(new Unpin("onnx"))));
    }

    [Fact]
    public async Task Staying_with_what_serves_pins_it_and_ends_the_test()
    {
        await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx("network"));
        await Desk.StartAbTestAsync(new StartAbTest("onnx", "v0.1.0", "v1.0.0"));

        LiveView stays = await Desk.RollBackAsync(new RollBack("onnx", "v0.1.0"));

        Assert.Equal((null, "v0.1.0", true), (stays.Experiment, stays.Champion!.Label, stays.Pinned));
        Assert.Equal([HistoryKind.Pinned, HistoryKind.ExperimentEnded], _registry.Catalogue.History.TakeLast(2).Select(l => l.What));
        Assert.Equal((Refusal.Conflict, "version"), await RefusedAsync(async () => await Desk.RollBackAsync(new RollBack("onnx", "v0.1.0"))));
    }

    [Fact]
    public async Task A_model_that_gives_no_score_where_values_are_missing_is_said_to_when_it_registers_and_when_it_is_tested()
    {
        VersionView fragile = (await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx("logistic"))).Version;
        VersionView sound = (await RegisterAsync("onnx", "v1.1.0", ModelFiles.Onnx("forest"))).Version;
        VersionView trees = (await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f))).Version;

        Assert.Contains(
            "no score where values are missing (NaN): of 64 rows that know what a request to predict tells, 64 have none, nor has a row without any one feature",
            fragile.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", sound.Notes + trees.Notes, StringComparison.Ordinal);
        ExperimentView tested = await Desk.StartAbTestAsync(new StartAbTest("onnx", "v0.1.0", "v1.0.0"));
        Assert.Contains(tested.Notes, n => n.StartsWith("v1.0.0: It gives no score where values are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_stands_in_for_a_member_is_called_so_and_told()
    {
        await RegisterAsync("onnx", "v1.0.0", ModelFiles.Onnx("network"));
        ModelPackage learner = TemporaryRegistry.Package(5, "v0.2.5");
        _registry.Catalogue.Assign(_registry.Register(learner).Model.Id, "a refresh", DateTime.UtcNow);

        ExperimentView tested = await Desk.StartAbTestAsync(new StartAbTest("onnx", "v0.1.0", "v1.0.0"));

        Assert.Equal(("v0.1.0", "v0.2.5"), (tested.VersionA, tested.Champion.Label));
        Assert.Contains(tested.Notes, n => n == "no onnx member serves: v0.1.0 stands for it, and v0.2.5 (ftrl) judges the first share");
        Assert.Equal(("v0.1.0", "v0.2.5"), (Desk.ServingName(VersionType.Onnx), Desk.ServingName(VersionType.MetaLabel)));
    }

    [Fact]
    public async Task The_same_file_and_label_with_other_metrics_is_refused_and_without_any_is_not()
    {
        string path = Put(ModelFiles.Stump(Confidence, 0.5f, 2f));
        await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.1.0", new Dictionary<string, double> { ["accuracy"] = 0.89 }), anywhere: false);

        Assert.Equal((Refusal.Conflict, "metrics"), await RefusedAsync(async () =>
            await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.1.0", new Dictionary<string, double> { ["accuracy"] = 0.9 }, Activate: true), anywhere: false)));
        Assert.False(_registry.Catalogue.Resolve(VersionType.Xgboost, "v1.1.0").Active);
        Assert.True((await Desk.RegisterAsync(new RegisterVersion("xgboost", path, "v1.1.0", Activate: true), anywhere: false)).Version.Active);
    }

    [Fact]
    public async Task Before_the_registry_began_nothing_was_live_and_a_baseline_of_unknown_age_has_no_date()
    {
        await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f));

        LiveView then = Desk.History(new HistoryQuestion("meta_label", new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc), 1)).Live;
        Assert.Equal((null, "nothing was live: this registry begins later"), (then.Champion, then.Why));
        Assert.All(Desk.Summarise(new SummariseVersions(Online: true)).Versions, v => Assert.True(v.CreatedAt > DateTime.UtcNow.AddMinutes(-10)));

        using var old = new TemporaryRegistry();
        old.Catalogue.RegisterBaseline(DateTime.UnixEpoch);
        var desk = new RegistryDesk(old.Catalogue, old.Artefacts, _files.FullName, TimeProvider.System);
        Assert.Null(Assert.Single(desk.Summarise(new SummariseVersions(Online: true)).Versions).CreatedAt);
        Assert.Equal("v0.1.0", desk.History(new HistoryQuestion("meta_label", new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc), 1)).Live.Champion!.Label);
    }

    [Fact]
    public async Task The_same_test_again_judges_by_the_same_versions()
    {
        await RegisterAsync("xgboost", "v1.0.0", ModelFiles.Stump(Confidence, 0.5f, 1f));
        ExperimentView first = await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v0.1.0", "v1.0.0"));
        await Desk.RollBackAsync(new RollBack("meta_label"));

        ExperimentView second = await Desk.StartAbTestAsync(new StartAbTest("xgboost", "v0.1.0", "v1.0.0"));

        Assert.Equal(first.Challenger, second.Challenger);
        HistoryView history = Desk.History(new HistoryQuestion("meta_label", null, 3));
        Assert.Equal(["ExperimentStarted", "ExperimentEnded", "ExperimentStarted"], history.Lines.Select(l => l.What));
        Assert.Equal(history.Live.Line, history.Lines[^1].Line);
    }

    private static (string, string)[] Members(ModelPackage package) => [.. ((EnsembleHead)package.CrossVenue).Members.Select(m => (m.Name, m.Version))];

    private static async Task<(Refusal Reason, string? Field)> RefusedAsync(Func<Task> request)
    {
        var refused = await Assert.ThrowsAsync<RegistryRefusedException>(request);
        return (refused.Reason, refused.Field);
    }

    private Task<RegisteredVersion> RegisterAsync(string type, string version, byte[] file) =>
        Desk.RegisterAsync(new RegisterVersion(type, Put(file), version, Activate: true), anywhere: false).AsTask();

    private string Put(byte[] file)
    {
        string name = Path.GetRandomFileName();
        File.WriteAllBytes(Path.Combine(_files.FullName, name), file);
        return name;
    }
}
