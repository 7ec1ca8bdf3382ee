using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class KeysTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task A_key_is_printed_once_is_wanted_by_the_running_process_and_can_be_revoked()
    {
        string directory = _place.At("data");
        (QuadTurboProcess process, _) = await ServeAsync(directory, "--set", "training.learn=off");
        using (process)
        {
            Answer made = await RunAsync("keys", "create", "desk", "--data-dir", directory), listed = await RunAsync("keys", "list", "--data-dir", directory);
            Answer refused = await RunAsync("retrain", "--data-dir", directory);
            Answer revoked = await RunAsync("keys", "revoke", "desk", "--data-dir", directory), again = await RunAsync("keys", "revoke", "desk", "--data-dir", directory);
            Answer allowed = await RunAsync("retrain", "--data-dir", directory);

            Assert.Equal((0, 0, 2, 0, 2, 1), (made.Code, listed.Code, refused.Code, revoked.Code, again.Code, allowed.Code));
            Assert.StartsWith("qt_", made.Output);
            Assert.Contains("desk", listed.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(made.Output.Trim(), listed.Output, StringComparison.Ordinal);
            Assert.Contains("QUADTURBO_API__KEY", refused.Error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _place.Dispose();
}
