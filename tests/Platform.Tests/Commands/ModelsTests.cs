using System.Text.Json;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

/// <summary>The registry by the command line: offline first, then through the process that runs on the same data directory.</summary>
public sealed class ModelsTests : IDisposable
{
    private const string Stump =
        """
        {"learner":{"learner_model_param":{"num_class":"0","num_feature":"32","base_score":"5E-1"},"objective":{"name":"binary:logistic"},
        "gradient_booster":{"name":"gbtree","model":{"trees":[{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[3,0,0],
        "default_left":[1,0,0],"split_conditions":[0.5,-1,1],"loss_changes":[1,0,0],"sum_hessian":[10,5,5]}]}}},"version":[1,7,4]}
        """;

    private readonly Workplace _place = new();

    [Fact]
    public async Task A_version_is_registered_tested_exported_imported_and_gone_back_from()
    {
        string directory = _place.At("data"), other = _place.At("other"), file = _place.Write("trees.json", Stump), json = _place.At("answer.json");

        Answer registered = await RunAsync("models", "register", "xgboost", file, "v1.0.0", "--metric", "accuracy=0.89", "--activate", "--data-dir", directory, "--json", json);
        Assert.True(registered.Code == 0, registered.Error);
        Assert.Equal(0.89, (double)_place.Json("answer.json")["metrics"]!["accuracy"]!);
        Assert.Contains("next: quadturbo models ab-test xgboost v0.1.0 v1.0.0", registered.Output, StringComparison.Ordinal);
        Answer shown = await RunAsync("models", "show", "v1.0.0", "--data-dir", directory);
        Assert.Equal(2, shown.Code);
        Assert.Contains("no meta_label model is named 'v1.0.0'; there is one with --type xgboost", shown.Error, StringComparison.Ordinal);
        Answer then = await RunAsync("models", "history", "--at", "1990-01-01T00:00:00Z", "--data-dir", directory);
        Assert.Contains("1990-01-01 00:00:00: nothing was live", then.Output, StringComparison.Ordinal);
        Answer test = await RunAsync("models", "ab-test", "xgboost", "v0.1.0", "v1.0.0", "--split", "0.9,0.1", "--data-dir", directory);
        Assert.True(test.Code == 0, test.Error);
        Assert.Contains("v0.3.1 (v1) serves 10", test.Output, StringComparison.Ordinal);
        Answer again = await RunAsync("models", "ab-test", "xgboost", "v0.1.0", "v1.0.0", "--split", "0.9,0.2", "--data-dir", directory);
        Assert.Equal(2, again.Code);
        Assert.Contains("sum to 1.1", again.Error, StringComparison.Ordinal);
        Answer promoted = await RunAsync("models", "promote", "xgboost", "--data-dir", directory);
        Assert.Equal(2, promoted.Code);
        Assert.Contains("the running process alone", promoted.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", promoted.Error + promoted.Output, StringComparison.Ordinal);
        Answer back = await RunAsync("models", "rollback", "xgboost", "v0.1.0", "--data-dir", directory, "--json", json);
        Assert.True(back.Code == 0, back.Error);
        Assert.Contains("it is pinned; models unpin xgboost lifts that", back.Output, StringComparison.Ordinal);
        Answer list = await RunAsync("models", "list", "--data-dir", directory);
        Assert.Contains("pinned: no refresh", list.Output, StringComparison.Ordinal);
        Assert.True((bool)_place.Json("answer.json")["live"]!["pinned"]!);
        Answer free = await RunAsync("models", "unpin", "xgboost", "--data-dir", directory);
        Assert.True(free.Code == 0, free.Error);
        Assert.Equal(2, (await RunAsync("models", "unpin", "xgboost", "--data-dir", directory)).Code);
        Assert.Equal("v0.1.0", (string?)_place.Json("answer.json")["live"]!["champion"]!["label"]);
        Answer exported = await RunAsync("models", "export", "v0.3.1", _place.At("exchange"), "--data-dir", directory);
        Assert.True(exported.Code == 0, exported.Error);
        Answer imported = await RunAsync("models", "import", Path.Combine(_place.At("exchange"), "meta_label_v1.json"), "--data-dir", other);
        Assert.True(imported.Code == 0, imported.Error);
        Assert.Contains("meta_label v1 is registered", imported.Output, StringComparison.Ordinal);
        Answer trees = await RunAsync("models", "export", "v1.0.0", _place.At("exchange"), "--type", "xgboost", "--data-dir", directory);
        Assert.True(trees.Code == 0, trees.Error);
        Answer member = await RunAsync("models", "import", Path.Combine(_place.At("exchange"), "xgboost_v1.json"), "--data-dir", other);
        Assert.Contains("xgboost v1 is registered", member.Output, StringComparison.Ordinal);
        Answer gone = await RunAsync("models", "show", "v9.9.9", "--data-dir", other);
        Assert.Equal(2, gone.Code);
        Assert.Contains("no meta_label model is named 'v9.9.9'", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_running_process_is_asked_and_says_what_is_open()
    {
        string directory = _place.At("data"), file = _place.Write("trees.json", Stump);
        (QuadTurboProcess process, string url) = await ServeAsync(directory, "--set", "training.learn=off");
        using (process)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "process.json"), JsonSerializer.Serialize(new { pid = process.Id, url, startedAt = DateTime.UtcNow }));

            Answer registered = await RunAsync("models", "register", "xgboost", file, "v1.0.0", "--activate", "--data-dir", directory);
            Answer another = await RunAsync("models", "register", "xgboost", _place.Write("more.json", Stump.Replace("0.5,-1,1", "0.6,-1,1", StringComparison.Ordinal)), "v1.1.0", "--activate", "--data-dir", directory);
            Answer test = await RunAsync("models", "ab-test", "xgboost", "v1.0.0", "v1.1.0", "--data-dir", directory);
            Answer promoted = await RunAsync("models", "promote", "xgboost", "--data-dir", directory);
            Answer ended = await RunAsync("models", "rollback", "xgboost", "--data-dir", directory);
            Answer back = await RunAsync("models", "rollback", "xgboost", "--data-dir", directory);
            Answer moved = await RunAsync("models", "import", Exported(file), "--data-dir", directory);
            Answer export = await RunAsync("models", "export", "serving", _place.At("exchange"), "--data-dir", directory);

            Assert.True(registered.Code + another.Code == 0, registered.Error + another.Error);
            Assert.True(test.Code == 0, test.Error);
            Assert.Contains("note: v1.0.0 did not serve: it takes the place of v0.1.0 as v0.3.1", test.Output, StringComparison.Ordinal);
            Assert.Equal(1, promoted.Code);
            Assert.Contains("enough_time", promoted.Output, StringComparison.Ordinal);
            Assert.Contains("not promoted; v0.3.1 (v1) serves", promoted.Output, StringComparison.Ordinal);
            Assert.True(back.Code == 0, back.Error + back.Output);
            Assert.DoesNotContain("NaN", promoted.Output, StringComparison.Ordinal);
            Assert.Contains("v0.3.1 (v1) judges, and is served", ended.Output, StringComparison.Ordinal);
            Assert.Contains("v0.1.0 (v0) judges, and is served", back.Output, StringComparison.Ordinal);
            Assert.Contains("it is pinned", back.Output, StringComparison.Ordinal);
            Assert.True(moved.Code == 0, moved.Error);
            Assert.Contains("xgboost v3 is registered", moved.Output, StringComparison.Ordinal);
            Assert.True(Directory.Exists(Path.Combine(directory, "import")));
            Assert.Equal(2, export.Code);
            Assert.Contains($"process {process.Id} writes this registry", export.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_history_or_artefact_is_named_and_ends_with_1()
    {
        string directory = _place.At("data"), file = _place.Write("trees.json", Stump), folder = Path.Combine(directory, "registry");
        Assert.Equal(0, (await RunAsync("models", "register", "xgboost", file, "v1.0.0", "--data-dir", directory)).Code);

        Answer whole = await RunAsync("models", "history", "--type", "xgboost", "--data-dir", directory);
        Assert.True(whole.Code == 0, whole.Error);
        Assert.Contains("lines about xgboost: 1; lines of the history: 2, each of them verified", whole.Output, StringComparison.Ordinal);
        Assert.Contains("artefacts verified: 2 of 2", whole.Output, StringComparison.Ordinal);

        string baseline = VersionCatalogue.Read(folder).Versions(VersionType.MetaLabel)[0].Path, trees = VersionCatalogue.Read(folder).Versions(VersionType.Xgboost)[0].Path;
        await File.AppendAllTextAsync(Path.Combine(folder, trees), " ");
        Answer altered = await RunAsync("models", "history", "--data-dir", directory);
        Assert.Equal(1, altered.Code);
        Assert.Contains($"artefacts verified: 1 of 2; damaged: 1\n  xgboost v1.0.0, registered in line 2: artefact damaged: {trees} is altered", altered.Output, StringComparison.Ordinal);

        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, "history.jsonl"));
        await File.WriteAllTextAsync(Path.Combine(folder, "history.jsonl"), $"{lines[0]}\n{lines[1].Replace("v1.0.0", "v1.0.1", StringComparison.Ordinal)}\n");
        foreach (string[] command in (string[][])[["models", "history"], ["run", "--urls", "http://127.0.0.1:0"]])
        {
            Answer damaged = await RunAsync([.. command, "--data-dir", directory]);
            Assert.Equal(1, damaged.Code);
            Assert.StartsWith("history damaged: the hash in line 2 of history.jsonl", damaged.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", damaged.Error, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "history.jsonl"), $"{lines[0]}\n{lines[1]}\n");
        File.Delete(Path.Combine(folder, baseline));
        Answer gone = await RunAsync("models", "show", "v0.1.0", "--data-dir", directory);
        Assert.Equal(1, gone.Code);
        Assert.StartsWith($"artefact damaged: {baseline} is missing", gone.Error, StringComparison.Ordinal);
    }

    // A third version of another process, as xgboost_v3.json with its signal.
    private string Exported(string file)
    {
        string folder = _place.At("learner");
        using var history = History.Open(folder);
        var artefacts = new ArtefactStore(folder);
        var catalogue = new VersionCatalogue(history, artefacts);
        var desk = new RegistryDesk(catalogue, artefacts, folder, TimeProvider.System);
        string id = "";
        foreach ((string label, string cut) in (ReadOnlySpan<(string, string)>)[("v1.7.0", "0.7"), ("v1.8.0", "0.8"), ("v1.9.0", "0.9")])
        {
            File.WriteAllText(file, Stump.Replace("0.5,-1,1", $"{cut},-1,1", StringComparison.Ordinal));
            id = desk.RegisterAsync(new RegisterVersion("xgboost", file, label), anywhere: true).AsTask().GetAwaiter().GetResult().Version.ModelId;
        }
        new ModelExchange(catalogue, artefacts).Export(id, folder, "", DateTime.UtcNow);
        return Path.Combine(folder, "xgboost_v3.json");
    }

    public void Dispose() => _place.Dispose();
}
