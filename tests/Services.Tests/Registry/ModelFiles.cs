using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QuadTurbo.Services.Tests.Registry;

/// <summary>Model files of other programs: what xgboost saves, and scikit-learn's learners as ONNX (tests/Fixtures/onnx_models.py) with their scores.</summary>
internal static class ModelFiles
{
    private static readonly Lazy<JsonElement> Foreign = new(static () => JsonDocument.Parse(File.ReadAllText(FixturePath())).RootElement);

    /// <summary>[40, 32], row-major.</summary>
    public static float[] Rows => [.. Foreign.Value.GetProperty("inputs").GetProperty("rows").EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(v => v.GetSingle())];

    /// <summary>A .onnx file: <c>logistic</c>, <c>network</c> or <c>forest</c>.</summary>
    public static byte[] Onnx(string name) => Foreign.Value.GetProperty("inputs").GetProperty(name).GetBytesFromBase64();

    /// <summary>What its own runtime makes of <see cref="Rows"/>.</summary>
    public static double[] Expected(string name) => [.. Foreign.Value.GetProperty("results").GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    /// <summary>One tree of one split, as xgboost 1.7 saves it: below the cut −margin, else margin.</summary>
    public static byte[] Stump(int feature, float cut, float margin, string objective = "binary:logistic", int features = 32) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$$"""
        {"learner":{"learner_model_param":{"num_class":"0","num_feature":"{{{{features}}}}","base_score":"5E-1"},"objective":{"name":"{{{{objective}}}}"},
        "gradient_booster":{"name":"gbtree","model":{"trees":[{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[{{{{feature}}}},0,0],
        "default_left":[1,0,0],"split_conditions":[{{{{cut}}}},{{{{-margin}}}},{{{{margin}}}}],"loss_changes":[1,0,0],"sum_hessian":[10,5,5]}]}}},"version":[1,7,4]}
        """));

    private static string FixturePath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Platform.sln"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, "tests", "Fixtures", "onnx_models.json");
    }
}
