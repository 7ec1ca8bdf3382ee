using System.Text.Json;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public sealed class ModelExchangeTests : IDisposable
{
    private readonly TemporaryRegistry _learner = new();
    private readonly TemporaryRegistry _trader = new();
    private readonly DirectoryInfo _shared = Directory.CreateTempSubdirectory("exchange");

    private ModelExchange Out => new(_learner.Catalogue, _learner.Artefacts);

    private ModelExchange In => new(_trader.Catalogue, _trader.Artefacts);

    public void Dispose()
    {
        _learner.Dispose();
        _trader.Dispose();
        _shared.Delete(recursive: true);
    }

    [Fact]
    public void An_export_is_numbered_is_the_latest_and_gives_a_signal()
    {
        string first = Export(41), second = Export(42);

        Assert.Equal(
            [
                "meta_label_latest.json", "meta_label_latest.signal.json", "meta_label_v41.json", "meta_label_v41.signal.json",
                "meta_label_v42.json", "meta_label_v42.signal.json",
            ],
            _shared.GetFiles().Select(f => f.Name).Order());
        Assert.Equal((first, second), (IdOf("meta_label_v41.json"), IdOf("meta_label_v42.json")));
        Assert.Equal(second, IdOf("meta_label_latest.json"));
        JsonElement signal = JsonDocument.Parse(File.ReadAllBytes(At("meta_label_latest.signal.json"))).RootElement;
        Assert.Equal(second, signal.GetProperty("model_id").GetString());
        Assert.Equal(0.74, signal.GetProperty("metrics").GetProperty("auc").GetDouble());
        Assert.Equal([first, second], _learner.Catalogue.History.Where(l => l.What == HistoryKind.Exported).Select(l => l.Model));
    }

    [Fact]
    public void The_latest_is_loaded_and_verified_by_another_process()
    {
        Export(41);
        string id = Export(42);

        (string found, ModelPackage package) = In.LoadLatest(_shared.FullName, "meta_label");

        Assert.Equal((id, "v1.0.42"), (found, package.Ref.Label));
        Assert.Equal(Refusal.NotFound, Assert.Throws<RegistryRefusedException>(() => In.LoadLatest(_shared.FullName, "regime")).Reason);
        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => In.LoadLatest(_shared.FullName, "../meta_label")).Reason);
    }

    [Theory]
    [InlineData("onnx", null)]
    [InlineData("onnx", "onnx")]
    [InlineData("xgboost", null)]
    [InlineData("xgboost", "xgboost")]
    public async Task A_member_travels_with_its_type_and_back(string type, string? said)
    {
        byte[] file = type == "onnx" ? ModelFiles.Onnx("network") : ModelFiles.Stump(3, 0.5f, 1);
        File.WriteAllBytes(At("model"), file);
        var desk = new QuadTurbo.Registry.RegistryDesk(_learner.Catalogue, _learner.Artefacts, _shared.FullName, TimeProvider.System);
        VersionView made = (await desk.RegisterAsync(new RegisterVersion(type, "model", "v1.0.0", Activate: true), anywhere: false)).Version;
        Out.Export(made.ModelId, _shared.FullName, "", Noon);
        string path = At($"{type}_v1.json");

        ModelVersion version = In.Import(path, null, "", Noon, said is null ? null : VersionTypes.Parse(said));
        ModelVersion again = In.Import(path, null, "", Noon);

        Assert.Equal((type, "v1.0.0", made.ModelId), (version.Type.Text(), version.Model.Label, version.Model.Id));
        Assert.Equal(version.Type, again.Type);
        Assert.Equal(type, ModelExchange.TypeIn(At($"{type}_v1.signal.json"))!.Value.Text());
        Assert.Equal(Refusal.Conflict, Assert.Throws<RegistryRefusedException>(() => In.Import(path, null, "", Noon, VersionType.MetaLabel)).Reason);
        VersionType other = type == "onnx" ? VersionType.Xgboost : VersionType.Onnx;
        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => In.Import(path, null, "", Noon, other)).Reason);
        Assert.Equal("v1.0.0", In.LoadLatest(_shared.FullName, type).Package.Ref.Label);
    }

    [Theory]
    [InlineData("meta_label_v42.json")]
    [InlineData("meta_label_latest.json")]
    public void An_altered_export_is_refused_and_named(string name)
    {
        string id = Export(42);
        // Another package in its place is whole and canonical: only the signal beside it tells.
        File.WriteAllBytes(At(name), Package(42, notes: "forged").Bytes.Span);

        var refused = Assert.Throws<ModelRefusedException>(() => In.Import(At(name), null, "", Noon));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Equal((id, Package(42, notes: "forged").Ref.Id), (refused.Expected, refused.Found));
        Assert.Empty(_trader.Catalogue.Versions());
    }

    [Fact]
    public void An_altered_numbered_file_is_not_loaded_as_the_latest()
    {
        Export(42);
        byte[] bytes = File.ReadAllBytes(At("meta_label_v42.json"));
        bytes[100] ^= 1;
        File.WriteAllBytes(At("meta_label_v42.json"), bytes);

        Assert.Throws<ModelRefusedException>(() => In.LoadLatest(_shared.FullName, "meta_label"));
    }

    [Fact]
    public void An_import_is_registered_with_its_figures_once_and_each_import_is_history()
    {
        string id = Export(42);

        ModelVersion version = In.Import(At("meta_label_latest.json"), null, "from the learner", Noon);
        In.Import(At("meta_label_v42.json"), id, "from the learner", Noon);

        Assert.Equal((id, 0.74), (version.Model.Id, version.Metrics["auc"]));
        Assert.Equal(id, _trader.Artefacts.LoadPackage(id).Ref.Id);
        Assert.Equal([HistoryKind.Registered, HistoryKind.Imported, HistoryKind.Imported], _trader.Catalogue.History.Select(l => l.What));
    }

    [Fact]
    public void A_file_that_is_no_package_registers_nothing()
    {
        File.WriteAllText(At("other.json"), "{}");

        Assert.Throws<ModelRefusedException>(() => In.Import(At("other.json"), null, "", Noon));
        Assert.Throws<RegistryRefusedException>(() => In.Import(At("missing.json"), null, "", Noon));

        Assert.Empty(_trader.Catalogue.Versions());
    }

    [Fact]
    public void A_numbered_file_of_another_model_is_not_overwritten()
    {
        Export(42);
        using var other = new TemporaryRegistry();
        string id = other.Register(Package(42, label: "v9.0.0")).Model.Id;

        var exchange = new ModelExchange(other.Catalogue, other.Artefacts);
        var refused = Assert.Throws<RegistryRefusedException>(() => exchange.Export(id, _shared.FullName, "", Noon));

        Assert.Equal(Refusal.Conflict, refused.Reason);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{\"model_id\":\"v42\",\"file\":\"x\"}")]
    public void A_signal_that_does_not_read_is_refused(string signal)
    {
        Export(42);
        File.WriteAllText(At("meta_label_latest.signal.json"), signal);

        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => In.LoadLatest(_shared.FullName, "meta_label")).Reason);
    }

    [Fact]
    public void A_signal_does_not_lead_out_of_its_folder()
    {
        Export(42);
        string path = At("meta_label_latest.signal.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("meta_label_v42.json", "../meta_label_v42.json", StringComparison.Ordinal));

        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => In.LoadLatest(_shared.FullName, "meta_label")).Reason);
    }

    private string Export(int ordinal)
    {
        ModelPackage package = Package(ordinal);
        Registration said = Registration.Of(package, Noon) with { Metrics = new Dictionary<string, double> { ["auc"] = 0.74 } };
        _learner.Catalogue.Register(said, package.Bytes, "trained", Noon);
        return Out.Export(package.Ref.Id, _shared.FullName, "for the trader", Noon).ModelId;
    }

    private string At(string name) => Path.Combine(_shared.FullName, name);

    private string IdOf(string name) => ModelPackage.IdOf(File.ReadAllBytes(At(name)));
}
