using System.Buffers;

namespace QuadTurbo.Trading.Predictions;

/// <summary>The opportunities of one request and what was made of them, in pooled buffers: who rents it, disposes it, once.</summary>
public sealed class PredictionBatch : IDisposable
{
    private PredictionInput[] _inputs;
    private PredictionResult[] _results = [];

    /// <summary>An empty batch.</summary>
    /// <param name="expected">How many opportunities are expected; it grows past that.</param>
    public PredictionBatch(int expected) => _inputs = ArrayPool<PredictionInput>.Shared.Rent(Math.Max(expected, 1));

    /// <summary>The request as it came, UTF-8: what route ids point into. It belongs to who rented the batch.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>A score from which on to execute, 0 to 1.</summary>
    public double Threshold { get; set; }

    /// <summary>Whether the caller would like a GPU to score.</summary>
    public bool UseGpu { get; set; }

    /// <summary>How many opportunities there are.</summary>
    public int Count { get; private set; }

    /// <summary>[Count].</summary>
    public ReadOnlySpan<PredictionInput> Inputs => _inputs.AsSpan(0, Count);

    /// <summary>[Count]; what they were before the batch is scored is not defined.</summary>
    public Span<PredictionResult> Results
    {
        get
        {
            if (_results.Length < Count)
            {
                Return(ref _results);
                _results = ArrayPool<PredictionResult>.Shared.Rent(Count);
            }
            return _results.AsSpan(0, Count);
        }
    }

    /// <summary>One more opportunity, to be filled in.</summary>
    public ref PredictionInput Add()
    {
        if (Count == _inputs.Length) Grow();
        ref PredictionInput added = ref _inputs[Count++];
        added = default;
        return ref added;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Count = 0;
        Return(ref _inputs);
        Return(ref _results);
    }

    private void Grow()
    {
        PredictionInput[] larger = ArrayPool<PredictionInput>.Shared.Rent(_inputs.Length * 2 + 1);
        Inputs.CopyTo(larger);
        Return(ref _inputs);
        _inputs = larger;
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0) ArrayPool<T>.Shared.Return(array);
        array = [];
    }
}
