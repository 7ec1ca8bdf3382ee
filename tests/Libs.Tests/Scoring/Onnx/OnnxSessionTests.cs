using QuadTurbo.Scoring.Onnx;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

public class OnnxSessionTests
{
    private static readonly float[] Rows = OnnxBytes.Rows(3, seed: 1, missing: 0);

    [Fact]
    public void The_build_brings_the_library_and_the_processor_is_the_last_provider()
    {
        Assert.Equal("1.30.0", OnnxEnvironment.Shared.Version);
        Assert.Equal(OnnxProvider.Cpu, OnnxEnvironment.Shared.Providers[^1]);
        Assert.Equal(OnnxEnvironment.Shared.Providers.OrderDescending(), OnnxEnvironment.Shared.Providers);
    }

    [Fact]
    public void Providers_stand_in_the_order_TensorRT_CUDA_CPU_and_unknown_ones_are_left_out() => Assert.Equal(
        [OnnxProvider.TensorRt, OnnxProvider.Cuda, OnnxProvider.Cpu],
        OnnxProviders.InOrder(["CPUExecutionProvider", "WebGpuExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"]));

    [Theory]
    [InlineData(OnnxProvider.Cuda)]
    [InlineData(OnnxProvider.TensorRt)]
    public void A_provider_that_is_not_here_gives_way_to_the_next_and_the_session_names_it(OnnxProvider wanted)
    {
        using var session = OnnxSession.Load(OnnxBytes.Sigmoid(), wanted);

        Assert.True(session.Provider <= wanted);
        var scores = new float[3];
        session.Run(Rows, [3, 32], 0, scores, [3, 1]);
        Assert.All(scores, s => Assert.InRange(s, 0, 1));
        Assert.EndsWith("ExecutionProvider", OnnxProviders.NameOf(session.Provider), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_computes_what_its_graph_says()
    {
        using var session = OnnxSession.Load(OnnxBytes.Sigmoid());
        var scores = new float[3];

        session.Run(Rows, [3, 32], 0, scores, [3, 1]);

        Assert.Equal(["x"], session.Inputs);
        Assert.Equal(["p"], session.Outputs);
        Assert.Equal([3, 1], session.ShapeOf(0, Rows, [3, 32])!);
        for (int i = 0; i < 3; i++)
        {
            double margin = 0.25;
            for (int j = 0; j < 32; j++) margin += 0.01f * (j - 16) * Rows[i * 32 + j];
            Assert.Equal(1 / (1 + Math.Exp(-margin)), scores[i], 1e-6);
        }
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var session = OnnxSession.Load(OnnxBytes.Sigmoid());
        var scores = new float[3];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run() => session.Run(Rows, [3, 32], 0, scores, [3, 1]);
    }

    [Fact]
    public void Errors_have_the_message_of_ONNX_Runtime()
    {
        using var session = OnnxSession.Load(OnnxBytes.Sigmoid());
        var scores = new float[3];

        Assert.Contains("protobuf parsing failed", Assert.Throws<OnnxException>(() => OnnxSession.Load([1, 2, 3])).Message, StringComparison.Ordinal);
        OnnxException shape = Assert.Throws<OnnxException>(() => session.Run(Rows, [6, 16], 0, scores, [3, 1]));
        Assert.Contains("Got invalid dimensions for input: x", shape.Message, StringComparison.Ordinal);
        Assert.Throws<OnnxException>(() => session.Run(Rows, [3, 32], 0, scores, [1, 3]));
        session.Run(Rows, [3, 32], 0, scores, [3, 1]);
    }

    [Fact]
    public void Spans_that_do_not_fit_their_shapes_never_reach_it()
    {
        using var session = OnnxSession.Load(OnnxBytes.Sigmoid());

        Assert.Throws<ArgumentException>(() => session.Run(Rows, [4, 32], 0, new float[4], [4, 1]));
        Assert.Throws<ArgumentException>(() => session.Run(Rows, [3, 32], 0, new float[2], [3, 1]));
        Assert.Throws<IndexOutOfRangeException>(() => session.Run(Rows, [3, 32], 1, new float[3], [3, 1]));
    }

    [Fact]
    public void A_session_that_was_closed_says_so()
    {
        var session = OnnxSession.Load(OnnxBytes.Sigmoid());
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => session.Run(Rows, [3, 32], 0, new float[3], [3, 1]));
    }

    [Fact]
    public void A_library_that_is_not_there_is_named_with_the_variable_that_names_another()
    {
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxRuntimeLibrary.Load("/no/such/library.so"));

        Assert.Contains("/no/such/library.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("QUADTURBO_ONNXRUNTIME", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, OnnxRuntimeLibrary.Load(Path.Combine(AppContext.BaseDirectory, OnnxRuntimeLibrary.FileName)));
    }
}
