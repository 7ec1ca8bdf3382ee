using System.Diagnostics;
using System.Text.Json;
using Xunit.Abstractions;

namespace QuadTurbo.Libs.Tests.Learning;

/// <summary>Inputs and the results that scipy, scikit-learn or xgboost gave for them: tests/Fixtures/NAME.json, made by NAME.py.</summary>
internal sealed class Fixture
{
    private const string Python = "/usr/bin/python3";
    private readonly JsonElement _root;

    private Fixture(string json) => _root = JsonDocument.Parse(json).RootElement;

    public static string Folder { get; } = Path.Combine(Repository(), "tests", "Fixtures");

    public static Fixture Load(string name) => new(File.ReadAllText(Path.Combine(Folder, name + ".json")));

    /// <summary>The fixture computed again here; null, with a message, where python3 or a package of it is absent.</summary>
    public static Fixture? Recompute(string name, ITestOutputHelper output)
    {
        if (!File.Exists(Python) || Run("-c", "import numpy, scipy, sklearn, xgboost") is not { Code: 0 })
        {
            output.WriteLine($"skipped: {Python} with numpy, scipy, scikit-learn and xgboost is not on this machine");
            return null;
        }
        (int code, string text, string errors) = Run(Path.Combine(Folder, "make.py"), name, "-");
        Assert.True(code == 0, errors);
        return new Fixture(text);
    }

    public JsonElement Inputs => _root.GetProperty("inputs");

    public JsonElement Results => _root.GetProperty("results");

    public double[] Input(string name) => Numbers(Inputs.GetProperty(name));

    public double[] Result(string name) => Numbers(Results.GetProperty(name));

    public double Figure(string name) => Number(Results.GetProperty(name));

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(Number)];

    public static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => double.Parse(value.GetString()!),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.GetDouble(),
    };

    /// <summary>Whether two values agree: bit for bit, or within a relative tolerance.</summary>
    public static void Same(JsonElement expected, JsonElement found, double relative, string path)
    {
        Assert.True(expected.ValueKind == found.ValueKind, $"{path}: {expected.ValueKind} became {found.ValueKind}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name), found.EnumerateObject().Select(p => p.Name));
                foreach (JsonProperty property in expected.EnumerateObject()) Same(property.Value, found.GetProperty(property.Name), relative, $"{path}.{property.Name}");
                break;
            case JsonValueKind.Array:
                Assert.True(expected.GetArrayLength() == found.GetArrayLength(), $"{path}: other length");
                for (int i = 0; i < expected.GetArrayLength(); i++) Same(expected[i], found[i], relative, $"{path}[{i}]");
                break;
            case JsonValueKind.Number:
                double a = expected.GetDouble(), b = found.GetDouble();
                Assert.True(Math.Abs(a - b) <= relative * Math.Max(Math.Abs(a), Math.Abs(b)), $"{path}: {a:R} became {b:R}");
                break;
            default:
                Assert.Equal(expected.ToString(), found.ToString());
                break;
        }
    }

    private static (int Code, string Text, string Errors) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text, errors.Result);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Platform.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
