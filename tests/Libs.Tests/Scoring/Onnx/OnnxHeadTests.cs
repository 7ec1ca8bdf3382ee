using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Libs.Tests.Learning;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using static QuadTurbo.Libs.Tests.Scoring.Onnx.OnnxBytes;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

public class OnnxHeadTests
{
    private static readonly Fixture Foreign = Fixture.Load("onnx_models");

    [Theory]
    [InlineData("logistic")]
    [InlineData("network")]
    [InlineData("forest")]
    public void A_model_of_scikit_learn_scores_as_scikit_learn_does(string name)
    {
        float[] rows = [.. Foreign.Inputs.GetProperty("rows").EnumerateArray().SelectMany(Fixture.Numbers).Select(v => (float)v)];
        double[] expected = Foreign.Result(name), scores = new double[expected.Length];

        Of(name).Score(rows, scores);

        for (int i = 0; i < scores.Length; i++) Assert.Equal(expected[i], scores[i], 1e-6);
    }

    public static TheoryData<string> Models => ["logistic", "network", "forest", "ours", "wide", "one row a run", "five rows a run"];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_has_the_same_bits_alone_and_in_any_batch(string name)
    {
        OnnxHead head = Of(name);
        const int count = 1024;
        float[] rows = Rows(count, seed: 3, missing: name is "ours" or "wide" ? 0.1 : 0);
        double[] alone = new double[count];
        for (int i = 0; i < count; i++) alone[i] = head.Score(rows.AsSpan(i * 32, 32));

        foreach (int batch in (int[])[1, 2, 3, 7, 16, 63, 64, 65, 1000, 1024])
        {
            var scores = new double[count];
            for (int start = 0; start < count; start += batch)
            {
                int size = Math.Min(batch, count - start);
                head.Score(rows.AsSpan(start * 32, size * 32), scores.AsSpan(start, size));
            }
            Assert.Equal(alone, scores);
        }
        Assert.True(alone.Distinct().Count() > 10);
    }

    [Fact]
    public void A_small_network_is_compiled_and_anything_else_is_run_by_ONNX_Runtime()
    {
        Assert.True(Of("ours").IsCompiled);
        Assert.True(new OnnxHead(Sigmoid(), null, 1).IsCompiled);
        Assert.False(Of("wide").IsCompiled);
        Assert.False(Of("forest").IsCompiled);
        Assert.False(Of("one row a run").IsCompiled);
    }

    [Fact]
    public void A_package_brings_the_model_back_whole()
    {
        var head = new OnnxHead(OnnxNetwork.Write(4), new Platt(1.5, 0.1), 20);
        var ensemble = new EnsembleHead([new EnsembleMember(EnsembleHead.Network, "v1.0.0", head)], new Ballot(VotingStrategy.Weighted, [1]));
        ModelPackage package = Package(ensemble);

        var loaded = ModelPackage.Load(package.Bytes, package.Ref);

        var again = (OnnxHead)((EnsembleHead)loaded.CrossVenue).Members[0].Head;
        Assert.Equal(head.Model.ToArray(), again.Model.ToArray());
        Assert.Equal(head.Calibrator, again.Calibrator);
        Assert.Equal(20, again.Samples);
        float[] row = Rows(1, seed: 9);
        Assert.Equal(head.Score(row), again.Score(row));
        Assert.Equal(head.Score(row), again.Answer(row).MetaLabel);
    }

    [Fact]
    public void A_package_whose_model_was_spoilt_is_refused_by_what_is_wrong_with_it()
    {
        string text = System.Text.Encoding.UTF8.GetString(Package(new OnnxHead(Sigmoid(), null, 1)).Bytes.Span);
        string good = Convert.ToBase64String(Sigmoid()), circle = Convert.ToBase64String(Stump(no: 0));
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text.Replace(good, circle, StringComparison.Ordinal));

        Assert.Equal("a tree ensemble", Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(bytes, ModelPackage.IdOf(bytes))).What);
    }

    [Fact]
    public void A_calibrator_reads_the_log_odds_of_the_output()
    {
        byte[] model = OnnxNetwork.Write(4);
        float[] row = Rows(1, seed: 5);
        double plain = new OnnxHead(model, null, 1).Score(row);

        Assert.Equal(plain, new OnnxHead(model, Identity.Instance, 1).Score(row), 1e-12);
        Assert.Equal(new Platt(2, -1).Apply(Math.Log(plain / (1 - plain))), new OnnxHead(model, new Platt(2, -1), 1).Score(row));
    }

    [Fact]
    public void Missing_features_reach_the_model_and_a_result_that_is_no_number_stays_none()
    {
        float[] row = new float[32];
        row[31] = float.NaN;

        Assert.Equal(double.NaN, new OnnxHead(Sigmoid(), null, 1).Score(row));
        Assert.Equal(double.NaN, new OnnxHead(Sigmoid(), new Platt(1, 0), 1).Score(row));
        Assert.InRange(new OnnxHead(OnnxNetwork.Write(1), null, 1).Score(row), 0, 1);
    }

    [Fact]
    public void A_model_that_gives_no_probabilities_is_refused()
    {
        byte[] margins = Model(Input("x", Float, 0, 32), Node("ReduceMean", ["x"], ["p"], "", Integers("axes", 1)), Output("p", Float, 0, 1));

        Assert.Equal("the output of an ONNX file", Assert.Throws<ModelRefusedException>(() => new OnnxHead(margins, null, 1)).What);
    }

    [Fact]
    public void A_model_whose_rows_depend_on_one_another_is_refused()
    {
        byte[] ranks = Model(
            Input("x", Float, 0, 32), Node("ReduceMean", ["x"], ["mean"], "", Integers("axes", 1)), Node("IsNaN", ["mean"], ["none"]),
            Constant("zero", [1], [0]), Node("Where", ["none", "zero", "mean"], ["known"]),
            Node("ReduceMean", ["known"], ["all"], "", Integers("axes", 0)),
            Node("Sub", ["known", "all"], ["gap"]), Node("Sigmoid", ["gap"], ["p"]), Output("p", Float, 0, 1));

        Assert.Equal("the score of a row", Assert.Throws<ModelRefusedException>(() => new OnnxHead(ranks, null, 1)).What);
    }

    [Fact]
    public void A_model_that_gives_another_shape_than_it_declares_is_refused()
    {
        byte[] scalar = Model(Input("x", Float, 0, 32), Node("ReduceMean", ["x"], ["p"], "", Integers("axes", 0, 1)), Output("p", Float, 0, 1));

        Assert.Throws<ModelRefusedException>(() => new OnnxHead(scalar, null, 1));
    }

    [Fact]
    public void What_ONNX_Runtime_refuses_is_refused_in_its_words()
    {
        byte[] dangling = Model(Input("x", Float, 0, 32), Node("Sigmoid", ["nobody"], ["p"]), Output("p", Float, 0, 1));

        Assert.Contains("nobody", Assert.Throws<ModelRefusedException>(() => new OnnxHead(dangling, null, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_share_a_head_and_get_the_same_scores()
    {
        OnnxHead head = Of("ours");
        float[] rows = Rows(100, seed: 6);
        var expected = new double[100];
        head.Score(rows, expected);

        double[][] found = await Task.WhenAll(Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(t => Task.Run(() =>
        {
            var scores = new double[100];
            for (int i = 0; i < 50; i++)
            {
                if ((t + i) % 2 == 0) head.Score(rows, scores);
                else scores[i] = head.Score(rows.AsSpan(i * 32, 32));
            }
            head.Score(rows, scores);
            return scores;
        })));

        Assert.All(found, scores => Assert.Equal(expected, scores));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Scoring_allocates_nothing(string name)
    {
        OnnxHead head = Of(name);
        float[] rows = Rows(100, seed: 7);
        var scores = new double[100];
        Score();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) Score();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Score()
        {
            head.Score(rows, scores);
            scores[0] = head.Score(rows.AsSpan(0, 32));
        }
    }

    private static OnnxHead Of(string name) => new(
        name switch
        {
            "ours" => OnnxNetwork.Write(1),
            "wide" => OnnxNetwork.Write(2, hidden: 600),
            "one row a run" => Fixed(1),
            "five rows a run" => Fixed(5),
            _ => Foreign.Inputs.GetProperty(name).GetBytesFromBase64(),
        }, null, 1);

    private static byte[] Fixed(int rows) => Model(
        Input("x", Float, rows, 32), Node("ReduceMean", ["x"], ["m"], "", Integers("axes", 1)), Node("Sigmoid", ["m"], ["p"]),
        Output("p", Float, rows, 1));

    private static ModelPackage Package(ModelHead head) => ModelPackage.Create(
        new ModelManifest { Label = "v0.2.1", Ordinal = 1, Kind = "onnx", Samples = 20, Seed = 0 }, head, ModelPackage.Baseline.Directional);
}
