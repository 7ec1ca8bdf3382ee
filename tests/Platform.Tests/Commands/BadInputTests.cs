using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class BadInputTests : IDisposable
{
    private readonly Workplace _place = new();

    [Theory]
    [InlineData("replay {missing.csv}", "path", "missing.csv", "does not exist")]
    [InlineData("replay {empty.csv}", "empty.csv", "the file is empty")]
    [InlineData("replay {column.csv}", "column.csv", "'bid' or 'bid_close'", "'bidd'")]
    [InlineData("replay {gaps.csv} --preset safty", "preset", "'safty'", "'safety'")]
    [InlineData("replay {gaps.csv} --set gates.cost.buferBps=5", "gates.cost.buferBps", "'gates.cost.bufferBps'")]
    [InlineData("replay {gaps.csv} --set preValidator.minScore=1.5", "preValidator.minScore", "1.5", "from 0 to 1")]
    [InlineData("replay {gaps.csv} --set gates.spread.maxBps=-1", "gates.spread.maxBps", "-1", "from 0 to 1000")]
    [InlineData("replay {gaps.csv} --set lanes.enablePrevalidation=false --set lanes.enableProduction=true", "lanes.enablePrevalidation", "false", "lanes.enableProduction")]
    [InlineData("run --urls http://127.0.0.1:0 --set lanes.enablePrevalidation=false --set lanes.enableProduction=true", "lanes.enablePrevalidation", "false", "lanes.enableProduction")]
    [InlineData("replay {gaps.csv} --data-dir {gaps.csv}/below", "--data-dir", "gaps.csv", "is a file")]
    [InlineData("run --data-dir {gaps.csv}/below", "--data-dir", "gaps.csv", "is a file")]
    [InlineData("export training-data {new.jsonl}", "--data-dir", "no ledger")]
    [InlineData("config explain gates.cost.bufer", "gates.cost.bufer", "'gates.cost.bufferBps'")]
    [InlineData("config diff safety agressive", "preset", "'agressive'", "'aggressive'")]
    [InlineData("retrain", "no process runs", "quadturbo run --data-dir")]
    [InlineData("training why", "--data-dir", "no ledger")]
    [InlineData("run --urls ftp://127.0.0.1:0", "--urls", "'ftp://127.0.0.1:0'", "http")]
    [InlineData("run --urls http://0.0.0.0:0", "api.key", "0.0.0.0", "keys create")]
    [InlineData("run --set api.key=secret", "api.key", "QUADTURBO_API__KEY")]
    [InlineData("run --set compat.ports=[8001]", "compat.ports", "8001", "8000, 5000")]
    [InlineData("keys create a/b", "'a/b'", "letters, digits")]
    [InlineData("demo --step vote", "--step", "'vote'", "'votes'")]
    [InlineData("demo --urls http://0.0.0.0:0", "--urls", "'http://0.0.0.0:0'", "of this machine")]
    [InlineData("demo --data-dir {}", "--data-dir", "not empty")]
    [InlineData("demo --data {gaps.csv}/below", "--data-dir", "gaps.csv", "is a file")]
    [InlineData("demo --keeep", "--keeep")]
    [InlineData("wyh", "wyh")]
    public async Task Bad_input_ends_with_2_and_names_field_value_and_limit(string command, params string[] said)
    {
        _place.Write("empty.csv", "");
        _place.Write("column.csv", "ts,venue,symbol,bidd,ask\n60,A,BTC-USD,100,101\n");
        string[] arguments = [.. command.Split(' ').Select(Placed)];
        bool placed = arguments.Any(a => a is "--data-dir" or "--data");
        if (!placed && arguments[0] is not ("config" or "wyh")) arguments = [.. arguments, "--data-dir", _place.At("data")];

        Answer answer = await RunAsync(arguments);

        Assert.Equal(2, answer.Code);
        Assert.All(said, words => Assert.Contains(words, answer.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_place.At("data"), "ledger")) && answer.Error.Contains("does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replay_refuses_a_directory_that_holds_a_ledger_and_leaves_it_as_it_is()
    {
        string directory = await _place.ReplayAsync("first");
        byte[] before = File.ReadAllBytes(Directory.GetFiles(Path.Combine(directory, "ledger"))[0]);

        Answer answer = await RunAsync("replay", _place.Recording, "--data-dir", directory);

        Assert.Equal(2, answer.Code);
        Assert.Contains("--data-dir", answer.Error, StringComparison.Ordinal);
        Assert.Contains("already holds a ledger", answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Directory.GetFiles(Path.Combine(directory, "ledger"))[0]));
    }

    public void Dispose() => _place.Dispose();

    private string Placed(string argument)
    {
        int open = argument.IndexOf('{', StringComparison.Ordinal), close = argument.IndexOf('}', StringComparison.Ordinal);
        return open < 0 ? argument : argument[..open] + _place.At(argument[(open + 1)..close]) + argument[(close + 1)..];
    }
}
