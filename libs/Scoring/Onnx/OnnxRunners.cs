namespace QuadTurbo.Scoring.Onnx;

/// <summary>Runners of one model, made when needed; a thread that finds none free after <see cref="Most"/> were made waits for one.</summary>
/// <param name="first">The first one; the others share its session.</param>
internal sealed class OnnxRunners(OnnxRunner first)
{
    // More than threads that run: those that are set aside with a runner in hand must not keep the others waiting.
    private static readonly int Most = 16 * Environment.ProcessorCount;
    private readonly OnnxRunner?[] _free = Slots(first);
    private int _made = 1;

    /// <summary>A runner for this thread alone, until it is given back. Allocates nothing but a runner.</summary>
    public OnnxRunner Take()
    {
        var wait = new SpinWait();
        while (true)
        {
            for (int i = 0; i < _free.Length; i++)
                if (_free[i] is not null && Interlocked.Exchange(ref _free[i], null) is { } found) return found;
            if (Volatile.Read(ref _made) < _free.Length && Interlocked.Increment(ref _made) <= _free.Length) return new OnnxRunner(first);
            wait.SpinOnce();
        }
    }

    /// <summary>Gives one back that <see cref="Take"/> gave.</summary>
    public void Return(OnnxRunner runner)
    {
        for (int i = 0; ; i = (i + 1) % _free.Length)
            if (_free[i] is null && Interlocked.CompareExchange(ref _free[i], runner, null) is null) return;
    }

    private static OnnxRunner?[] Slots(OnnxRunner first)
    {
        var slots = new OnnxRunner?[Most];
        slots[0] = first;
        return slots;
    }
}
