using System.Globalization;
using System.Text;
using QuadTurbo.Platform.Tests.Architecture;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Platform.Tests.Contract;

/// <summary>docs/features.md lists the columns of every model's input; <c>WRITE_CONTRACT=1</c> writes the table anew.</summary>
public sealed class FeatureDocumentTests
{
    private const string Begin = "| # | Feature | Unit | From | To |\n|--|--|--|--|--|\n";
    private static readonly string Document = Path.Combine(Sources.Root, "docs", "features.md");

    [Fact]
    public void The_list_of_features_is_the_schema_in_its_order()
    {
        var table = new StringBuilder(Begin);
        for (int f = 0; f < FeatureSchema.Count; f++)
        {
            Feature feature = FeatureSchema.Columns[f];
            string unit = feature.Unit.Replace("|", "\\|", StringComparison.Ordinal);
            table.Append(CultureInfo.InvariantCulture, $"| {f} | `{feature.Name}` | {unit} | {feature.Low} | {feature.High} |\n");
        }
        string text = File.ReadAllText(Document);
        if (Environment.GetEnvironmentVariable("WRITE_CONTRACT") == "1")
        {
            text = text[..text.IndexOf(Begin, StringComparison.Ordinal)] + table;
            File.WriteAllText(Document, text);
        }

        Assert.EndsWith(table.ToString(), text, StringComparison.Ordinal);
    }
}
