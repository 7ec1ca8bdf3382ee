using QuadTurbo.Hosting.Settings;
using QuadTurbo.Scoring;
using QuadTurbo.Training;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;
using static QuadTurbo.Services.Tests.Production.Example;

namespace QuadTurbo.Services.Tests.Training;

public sealed class ModelShelfTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shelf");

    private string Index => System.IO.Path.Combine(_folder.FullName, "models", "index.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_line_behind_one_that_a_crash_cut_short_is_read()
    {
        var shelf = new ModelShelf(_folder.FullName);
        Put(shelf, 1);
        File.AppendAllText(Index, "{\"model\":{\"id\":\"sha2");

        Put(shelf, 2);

        Assert.Equal([1, 2], shelf.Entries.Select(e => e.Model.Ordinal));
        Assert.Equal(2, shelf.LastOrdinal);
    }

    [Fact]
    public void A_package_whose_line_a_crash_lost_gets_it_when_it_is_made_again()
    {
        var shelf = new ModelShelf(_folder.FullName);
        Put(shelf, 1);
        File.Delete(Index);
        Assert.Equal(0, shelf.LastOrdinal);

        Put(shelf, 1);
        Put(shelf, 1);

        Assert.Equal(1, Assert.Single(shelf.Entries).Model.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"model\":null}")]
    [InlineData("{\"model\":{\"label\":\"v1.0.0\"},\"kind\":\"trees\"}")]
    [InlineData("not json")]
    public void A_line_that_names_no_model_is_passed_over(string line)
    {
        var shelf = new ModelShelf(_folder.FullName);
        Put(shelf, 1);
        File.AppendAllText(Index, line + "\n");

        Assert.Equal(1, Assert.Single(shelf.Entries).Model.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"rounds\":")]
    [InlineData("{\"rounds\":-5}")]
    [InlineData("{\"depth\":60}")]
    [InlineData("{\"eta\":1e400}")]
    public void Stored_hyper_parameters_that_do_not_read_or_are_out_of_range_are_refused_by_name(string stored)
    {
        File.WriteAllText(System.IO.Path.Combine(_folder.FullName, StoredBoosting.FileName), stored);

        SettingsException refused = Assert.Throws<SettingsException>(() => StoredBoosting.Over(new BoostingSettings(), _folder.FullName));

        Assert.Contains(StoredBoosting.FileName, refused.Message, StringComparison.Ordinal);
    }

    private static void Put(ModelShelf shelf, int ordinal)
    {
        ModelPackage package = ModelPackage.Create(
            new ModelManifest { Label = $"v0.2.{ordinal}", Ordinal = ordinal, Kind = "ftrl", Samples = 1, Seed = 0 }, ModelPackage.Baseline.CrossVenue, ModelPackage.Baseline.Directional);
        shelf.Put(package, new ShelfEntry(package.Ref, ModelType.MetaLabel, "ftrl", "manual", Noon, 1, Ready: false, "made up"));
    }
}
