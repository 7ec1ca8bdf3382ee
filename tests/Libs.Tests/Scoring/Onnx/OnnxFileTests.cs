using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Libs.Tests.Learning;
using QuadTurbo.Libs.Tests.Scoring.Trees;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using static QuadTurbo.Libs.Tests.Scoring.Onnx.OnnxBytes;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

public class OnnxFileTests
{
    private const int Seeds = 250;
    private static readonly byte[] X = Input("x", Float, 0, 32), P = Output("p", Float, 0, 1);
    private static readonly byte[] Sum = Node("ReduceMean", ["x"], ["p"], "", Integers("axes", 1));

    private static readonly Dictionary<string, (byte[] File, string What)> Bad = new()
    {
        ["nothing at all"] = ([], "the size of an ONNX file"),
        ["text"] = ("not a model"u8.ToArray(), "an ONNX file"),
        ["two graphs"] = ([.. Sigmoid(), .. Sigmoid()], "an ONNX file"),
        ["functions of its own"] = ([.. Sigmoid(), .. Field(25, Text(1, "f"))], "an ONNX file"),
        ["data in another file"] = (Model(X, Sum, P, Constant("w", [1], [1], Field(13, Text(1, "location"), Text(2, "w")))), "the data of a tensor"),
        ["data marked as elsewhere"] = (Model(X, Sum, P, Constant("w", [1], [1], Number(14, 1))), "the data of a tensor"),
        ["a tensor of 2 GB without them"] = (Model(X, Sum, P, Constant("w", [1 << 29], [1])), "a dimension of a tensor"),
        ["a tensor of 2 GB in two dimensions"] = (Model(X, Sum, P, Constant("w", [1 << 15, 1 << 14], [1])), "the size of a tensor"),
        ["dimensions that overflow"] = (Model(X, Sum, P, Constant("w", [1 << 28, 1 << 28, 1 << 28, 1 << 28, 0], [1])), "the size of a tensor"),
        ["a negative dimension"] = (Model(X, Sum, P, Constant("w", [-1], [1])), "a dimension of a tensor"),
        ["a tensor of two numbers with one"] = (Model(X, Sum, P, Constant("w", [2], [1])), "a tensor"),
        ["a memory eater"] = (Model(X, Node("ConstantOfShape", ["x"], ["p"]), P), "an operator"),
        ["a loop"] = (Model(X, Node("Loop", ["x"], ["p"]), P), "an operator"),
        ["an operator of Microsoft's"] = (Model(X, Node("Gelu", ["x"], ["p"], "com.microsoft"), P), "the domain of an operator"),
        ["graphs within graphs"] = (Model(X, Nested(6), P), "the nesting of graphs"),
        ["no input"] = (Model(Sum, P), "the input of an ONNX file"),
        ["two inputs"] = (Model(X, Input("y", Float, 0, 32), Sum, P), "the input of an ONNX file"),
        ["31 columns"] = (Model(Input("x", Float, 0, 31), Sum, P), "the input of an ONNX file"),
        ["columns of any number"] = (Model(Input("x", Float, 0, 0), Sum, P), "the input of an ONNX file"),
        ["whole numbers"] = (Model(Input("x", Long, 0, 32), Sum, P), "the input of an ONNX file"),
        ["1,000 rows a run"] = (Model(Input("x", Float, 1000, 32), Sum, P), "the input of an ONNX file"),
        ["no output"] = (Model(X, Sum), "the output of an ONNX file"),
        ["three classes"] = (Model(X, Sum, Output("p", Float, 0, 3)), "the output of an ONNX file"),
        ["two outputs of which none is named"] = (Model(X, Sum, P, Output("q", Float, 0, 1)), "the output of an ONNX file"),
        ["a column that is not there"] = (Stump(feature: 32), "a tree ensemble"),
        ["trees that read something else"] = (Stump(from: "other"), "the input of TreeEnsembleRegressor"),
        ["a branch to nowhere"] = (Stump(yes: 3), "a tree ensemble"),
        ["a branch in a circle"] = (Stump(no: 0), "a tree ensemble"),
        ["a target that is not there"] = (Stump(target: 1), "a tree ensemble"),
        ["a weight at a branch"] = (Stump(leaf: 0), "a tree ensemble"),
        ["too few weights"] = (Model(X, Node("LinearRegressor", ["x"], ["p"], "ai.onnx.ml", Floats("coefficients", 1)), P), "a linear model"),
        ["an attribute twice"] = (Model(X, Node("Mean", ["x"], ["p"], "", Integers("axes", 1), Integers("axes", 1)), P), "the attributes of a node"),
    };

    private static readonly Dictionary<string, byte[]> Good = GoodFiles();

    public static TheoryData<string> Refused => [.. Bad.Keys];

    public static TheoryData<string> Whole => [.. Good.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_is_refused_for(string reason)
    {
        ModelRefusedException refusal = Assert.Throws<ModelRefusedException>(() => OnnxFile.Check(Bad[reason].File));

        Assert.True(refusal.What == Bad[reason].What, refusal.Message);
    }

    [Fact]
    public void A_file_of_more_than_64_MiB_is_refused_unread() =>
        Assert.Equal("the size of an ONNX file", Assert.Throws<ModelRefusedException>(() => OnnxFile.Check(new byte[OnnxFile.MostBytes + 1])).What);

    [Fact]
    public void Good_files_name_their_ends()
    {
        Assert.Equal(new OnnxFile("x", 0, "p"), OnnxFile.Check(Sigmoid()));
        Assert.Equal(new OnnxFile("x", 0, "p"), OnnxFile.Check(Stump()));
        Assert.Equal(new OnnxFile("x", 0, "p"), OnnxFile.Check(Stump(from: "same")));
        Assert.Equal(new OnnxFile("x", 1, "p"), OnnxFile.Check(Model(Input("x", Float, 1, 32), Sum, P)));
        Assert.Equal(new OnnxFile("x", 0, "probability"), OnnxFile.Check(Model(X, Sum, P, Output("probability", Float, 0, 1))));
    }

    [Fact]
    public void Maps_of_probabilities_are_refused_with_what_to_do_about_them()
    {
        byte[] file = Fixture.Load("onnx_models").Inputs.GetProperty("zip_map").GetBytesFromBase64();

        Assert.Contains("ZipMap", Assert.Throws<ModelRefusedException>(() => OnnxFile.Check(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>A file may end with versions of operators that it does not use: without those it is the same model.</summary>
    [Theory]
    [MemberData(nameof(Whole))]
    public void A_truncated_file_is_refused_or_lacks_nothing(string name)
    {
        byte[] file = Good[name];
        float[] rows = Rows(5, seed: 2);
        double[] whole = new double[5], cut = new double[5];
        new OnnxHead(file, null, 1).Score(rows, whole);
        for (int length = 0; length < file.Length; length += Math.Max(1, file.Length / 300))
        {
            try
            {
                new OnnxHead(file.AsMemory(0, length), null, 1).Score(rows, cut);
                Assert.True(length > file.Length - 30);
                Assert.Equal(whole, cut);
            }
            catch (ModelRefusedException)
            {
            }
        }
    }

    /// <summary>Any outcome but a refusal or a score would be an exception of another type, or the end of this process.</summary>
    [Theory]
    [MemberData(nameof(Whole))]
    public void A_file_with_flipped_bytes_is_refused_or_scores_but_does_no_harm(string name)
    {
        byte[] file = Good[name];
        float[] rows = Rows(5, seed: 2);
        int refused = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new SplitMix64(seed);
            byte[] flipped = [.. file];
            for (int flips = 1 + random.NextInt(4); flips > 0; flips--) flipped[random.NextInt(flipped.Length)] ^= (byte)(1 << random.NextInt(8));
            try
            {
                new OnnxHead(flipped, null, 1).Score(rows, new double[5]);
            }
            catch (ModelRefusedException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 20, Seeds);
    }

    private static Dictionary<string, byte[]> GoodFiles()
    {
        var random = new SplitMix64(5);
        RandomForest forest = RandomForest.Draw(ref random, features: 32, depth: 3, trees: 3, cuts: 20);
        return new()
        {
            ["sigmoid"] = Sigmoid(),
            ["stump"] = Stump(),
            ["foreign forest"] = Fixture.Load("onnx_models").Inputs.GetProperty("forest").GetBytesFromBase64(),
            ["foreign logistic"] = Fixture.Load("onnx_models").Inputs.GetProperty("logistic").GetBytesFromBase64(),
            ["foreign network"] = Fixture.Load("onnx_models").Inputs.GetProperty("network").GetBytesFromBase64(),
            ["network"] = OnnxNetwork.Write(1, hidden: 4),
            ["trees"] = OnnxTrees.Write(FiniteCuts.Of(forest.Ensemble)),
        };
    }

    private static byte[] Nested(int depth) => depth == 0
        ? Node("Identity", ["x"], ["q"])
        : Node("If", ["c"], ["p"], "", Graph("then_branch", Nested(depth - 1)), Graph("else_branch", Node("Identity", ["x"], ["q"])));
}
