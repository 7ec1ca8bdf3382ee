using QuadTurbo.Hosting.Settings;
using QuadTurbo.Training;
using QuadTurbo.Training.Trainers;

namespace QuadTurbo.Services.Tests.Training;

public sealed class StoredBoostingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("boosting");

    public void Dispose() => _folder.Delete(recursive: true);

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
}
