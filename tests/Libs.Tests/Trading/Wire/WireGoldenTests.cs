using System.Text;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

/// <summary>The format as it is committed: a change that other versions would not read is seen here.</summary>
/// <remarks>With QUADTURBO_GOLDEN set to a folder the samples are written there instead.</remarks>
public class WireGoldenTests
{
    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void A_topic_is_written_as_its_sample_was(string topic)
    {
        string text = Encoding.UTF8.GetString(WireTexts.Write(topic)) + "\n", file = WireTexts.NameOf(topic) + ".json";
        if (Environment.GetEnvironmentVariable("QUADTURBO_GOLDEN") is { Length: > 0 } folder) File.WriteAllText(Path.Combine(folder, file), text);

        Assert.Equal(File.ReadAllText(Golden(file)), text);
    }

    [Theory]
    [MemberData(nameof(WireTexts.TopicNames), MemberType = typeof(WireTexts))]
    public void A_sample_is_read_as_the_message_that_it_was(string topic)
    {
        var tables = new WireTables(new InstrumentTable());

        object read = WireTexts.Read(topic, File.ReadAllBytes(Golden(WireTexts.NameOf(topic) + ".json")), tables);

        SameBits.Assert(WireTexts.Sample(topic), read, tables.Instruments);
    }

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Trading", "Wire", "Golden", file);
}
