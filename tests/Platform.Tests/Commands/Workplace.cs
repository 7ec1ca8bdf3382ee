using System.Globalization;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Tests.Commands;

/// <summary>A folder of its own with a small recording: two venues whose gap is 5 bps in one minute and up to 60 bps in another.</summary>
internal sealed class Workplace : IDisposable
{
    private const int Minutes = 40;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quadturbo-cli");

    public Workplace()
    {
        IEnumerable<string> rows = Enumerable.Range(1, Minutes).SelectMany(static minute =>
        {
            decimal bought = 20_000m + minute, sold = bought * (1m + (5m + 55m * (minute % 4) / 3m) / 10_000m);
            return new[] { Row(minute, "CHEAP", bought - 1m, bought), Row(minute, "DEAR", sold, sold + 1m) };
        });
        Recording = Write("gaps.csv", string.Join('\n', rows.Prepend("ts,venue,symbol,bid,ask,bid_size,ask_size")) + "\n");
    }

    public string Recording { get; }

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Replays the recording into a data directory of that name, gaps only, without learning.</summary>
    public async Task<string> ReplayAsync(string name, params string[] more)
    {
        Answer answer = await QuadTurboProcess.RunAsync(
            ["replay", Recording, "--data-dir", At(name), "--learn", "off", "--set", "detection.directional=false", "--json", At(name + ".json"), .. more]);
        Assert.True(answer.Code == 0, answer.Error);
        return At(name);
    }

    public JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(At(name)))!;

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Row(int minute, string venue, decimal bid, decimal ask) =>
        string.Create(CultureInfo.InvariantCulture, $"{1_677_628_800 + 60 * minute},{venue},BTC-USD,{bid:0.0000},{ask:0.0000},2,2");
}
