using System.Text.Json;
using QuadTurbo.Registry.Mlflow;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public sealed class MlflowRestTests : IDisposable
{
    private readonly TemporaryRegistry _registry = new();
    private readonly DirectoryInfo _shared = Directory.CreateTempSubdirectory("mlflow");

    private MlflowRest Rest =>
        new(_registry.Catalogue, new ModelExchange(_registry.Catalogue, _registry.Artefacts), _shared.FullName, TimeProvider.System);

    public void Dispose()
    {
        _registry.Dispose();
        _shared.Delete(recursive: true);
    }

    [Fact]
    public void A_client_registers_a_package_and_finds_it_again()
    {
        string source = Put(42);
        var refused = Assert.Throws<RegistryRefusedException>(() => MlflowRest.CreateModel(new MlflowCreateModel("meta_label")));
        (int status, MlflowError exists) = MlflowError.Of(refused);
        Assert.Equal((400, "RESOURCE_ALREADY_EXISTS"), (status, exists.ErrorCode));

        var request = new MlflowCreateVersion("meta_label", source, Tags: [new MlflowTag("stage", "x")], Description: "by hand");
        MlflowModelVersion made = Rest.CreateVersion(request).ModelVersion;

        Assert.Equal(
            ("meta_label", "42", "None", "READY", Package(42).Ref.Id), (made.Name, made.Version, made.CurrentStage, made.Status, made.Source));
        Assert.Contains(new MlflowTag("stage", "x"), made.Tags);
        Assert.Contains(new MlflowTag("description", "by hand"), made.Tags);
        Assert.Contains(new MlflowTag("quadturbo.label", "v1.0.42"), made.Tags);
        Assert.Equal(made.Source, Rest.GetVersion("meta_label", "42").ModelVersion.Source);
        Assert.Equal(["42"], Rest.SearchVersions("name='meta_label'").ModelVersions.Select(v => v.Version));
        Assert.Equal($"artefacts/{made.Source[7..]}.json", Rest.DownloadUri("meta_label", "42").ArtifactUri);
        Assert.Equal(made.Source, Assert.Single(Rest.GetModel("meta_label").RegisteredModel.LatestVersions).Source);
    }

    [Fact]
    public async Task A_source_that_is_a_pipe_or_a_link_is_refused_without_the_folders_path()
    {
        Pipe.Make(Path.Combine(_shared.FullName, "pipe.json"));
        File.CreateSymbolicLink(Path.Combine(_shared.FullName, "link.json"), "/etc/hostname");
        Pipe.Make(Path.Combine(_shared.FullName, "meta_label_v42.signal.json"));
        Put(42);
        foreach (string source in (string[])["pipe.json", "link.json", "meta_label_v42.json", "gone.json", "a\0b", ".."])
        {
            Exception? refused = await Task.Run(() => Record.Exception(() => Rest.CreateVersion(new MlflowCreateVersion("meta_label", source))))
                .WaitAsync(TimeSpan.FromSeconds(20));

            Assert.True(refused is RegistryRefusedException or ModelRefusedException, $"{source}: {refused}");
            Assert.DoesNotContain(_shared.FullName, refused.Message, StringComparison.Ordinal);
        }
        Assert.Empty(_registry.Catalogue.Versions());
    }

    [Fact]
    public void Stages_and_aliases_follow_what_serves()
    {
        string[] ids = [.. Enumerable.Range(1, 4).Select(i => _registry.Register(i, minute: i))];
        _registry.Catalogue.Assign(ids[0], "", Noon.AddMinutes(10));
        _registry.Catalogue.StartExperiment(ids[1], 0.2, "", Noon.AddMinutes(11));
        _registry.Catalogue.Archive(ids[2], "", Noon.AddMinutes(12));

        IReadOnlyList<MlflowModelVersion> versions = Rest.SearchVersions().ModelVersions;

        Assert.Equal(["None", "Archived", "Staging", "Production"], versions.Select(v => v.CurrentStage));
        Assert.Equal([[], [], ["challenger"], ["champion"]], versions.Select(v => v.Aliases));
        Assert.Equal(new DateTimeOffset(Noon.AddMinutes(3)).ToUnixTimeMilliseconds(), versions[1].CreationTimestamp);
        Assert.Equal(new DateTimeOffset(Noon.AddMinutes(12)).ToUnixTimeMilliseconds(), versions[1].LastUpdatedTimestamp);
        MlflowRegisteredModel model = Rest.GetModel("meta_label").RegisteredModel;
        Assert.Equal(["1", "2", "3", "4"], model.LatestVersions.Select(v => v.Version).Order());
    }

    [Fact]
    public void Searches_come_page_by_page()
    {
        for (int i = 1; i <= 5; i++) _registry.Register(i);

        MlflowVersionsAnswer first = Rest.SearchVersions(maxResults: 3), second = Rest.SearchVersions(maxResults: 3, pageToken: first.NextPageToken);

        Assert.Equal(["5", "4", "3"], first.ModelVersions.Select(v => v.Version));
        Assert.Equal(["2", "1"], second.ModelVersions.Select(v => v.Version));
        Assert.Null(second.NextPageToken);
        Assert.Null(Rest.SearchVersions(maxResults: 5).NextPageToken);
        Assert.Equal(5, Rest.SearchModels().RegisteredModels.Count);
        Assert.Equal("regime", Assert.Single(Rest.SearchModels("name = \"regime\"").RegisteredModels).Name);
        Assert.Empty(Rest.SearchVersions("name = 'regime'").ModelVersions);
    }

    [Fact]
    public void A_tag_is_set_but_none_of_ours()
    {
        _registry.Register(1);

        Rest.SetTag(new MlflowSetTag("meta_label", "1", "owner", "desk"));

        Assert.Equal("desk", _registry.Catalogue.Resolve(VersionType.MetaLabel, "v1").Tags["owner"]);
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.SetTag(new MlflowSetTag("meta_label", "1", "quadturbo.id", "x"))));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.SetTag(new MlflowSetTag("meta_label", "1", null, "x"))));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///../../meta_label_v7.json")]
    [InlineData("..\\meta_label_v7.json")]
    public void A_source_leads_to_the_exchange_folder_and_nowhere_else(string source)
    {
        string outside = Path.Combine(_shared.Parent!.FullName, "meta_label_v7.json");
        File.WriteAllBytes(outside, Package(7).Bytes.Span);

        Assert.Equal(Refusal.NotFound, Refused(() => Rest.CreateVersion(new MlflowCreateVersion("meta_label", source))));

        File.Delete(outside);
        Assert.Empty(_registry.Catalogue.Versions());
    }

    [Fact]
    public void What_is_not_there_or_makes_no_sense_is_refused()
    {
        _registry.Register(1);
        string source = Put(2);

        Assert.Equal(Refusal.NotFound, Refused(() => Rest.GetModel("other")));
        Assert.Equal(Refusal.NotFound, Refused(() => Rest.GetVersion("meta_label", "9")));
        Assert.Equal(Refusal.NotFound, Refused(() => Rest.GetVersion("regime", "1")));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.GetVersion("meta_label", "-1")));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.GetVersion("meta_label", null)));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.SearchVersions("run_id = 'x'")));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.SearchVersions(maxResults: 0)));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.SearchVersions(pageToken: "-3")));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.CreateVersion(new MlflowCreateVersion("meta_label", null))));
        Assert.Equal(Refusal.Invalid, Refused(() => Rest.CreateVersion(new MlflowCreateVersion("regime", source))));
        Assert.Equal(Refusal.Invalid, Refused(() => MlflowRest.CreateModel(new MlflowCreateModel("other"))));
        Assert.Single(_registry.Catalogue.Versions());
    }

    [Fact]
    public void Messages_and_errors_are_spelt_as_clients_read_them()
    {
        _registry.Register(1);

        string json = JsonSerializer.Serialize(Rest.GetVersion("meta_label", "1"), MlflowJson.Options);
        JsonElement version = JsonDocument.Parse(json).RootElement.GetProperty("model_version");

        foreach (string key in (string[])["name", "version", "creation_timestamp", "last_updated_timestamp", "current_stage", "description",
            "source", "run_id", "status", "tags", "aliases"])
            Assert.True(version.TryGetProperty(key, out _), key);
        Assert.Equal("{\"registered_models\":[]}", JsonSerializer.Serialize(new MlflowModelsAnswer([], null), MlflowJson.Options));
        (int status, MlflowError body) = MlflowError.Of(new RegistryRefusedException(Refusal.NotFound, "gone"));
        Assert.Equal(404, status);
        Assert.Equal("{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"gone\"}", JsonSerializer.Serialize(body, MlflowJson.Options));
        Assert.Equal("INVALID_PARAMETER_VALUE", MlflowError.Of(new ModelRefusedException("identity", "a", "b")).Body.ErrorCode);
        Assert.Throws<ArgumentException>(() => MlflowError.Of(new IOException()));
    }

    private static Refusal Refused(Action request) => Assert.IsType<RegistryRefusedException>(Record.Exception(request)).Reason;

    private string Put(int ordinal)
    {
        string path = Path.Combine(_shared.FullName, $"meta_label_v{ordinal}.json");
        File.WriteAllBytes(path, Package(ordinal).Bytes.Span);
        return $"file://{path}";
    }
}
