namespace QuadTurbo.Scoring.Onnx;

/// <summary>Runners of one model, made when needed and at most one for each processor; a thread that finds none free waits for one.</summary>
/// <param name="make">Makes another.</param>
/// <param name="first">The first one.</param>
internal sealed class OnnxRunners(Func<OnnxRunner> make, OnnxRunner first)
{
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
            if (Volatile.Read(ref _made) < _free.Length && Interlocked.Increment(ref _made) <= _free.Length) return Made();
            wait.SpinOnce();
        }
    }

    /// <summary>Gives one back that <see cref="Take"/> gave.</summary>
    public void Return(OnnxRunner runner)
    {
        for (int i = 0; ; i = (i + 1) % _free.Length)
            if (_free[i] is null && Interlocked.CompareExchange(ref _free[i], runner, null) is null) return;
    }

    private OnnxRunner Made()
    {
        try
        {
            return make();
        }
        catch
        {
            Interlocked.Decrement(ref _made);
            throw;
        }
    }

    private static OnnxRunner?[] Slots(OnnxRunner first)
    {
        var slots = new OnnxRunner?[Environment.ProcessorCount];
        slots[0] = first;
        return slots;
    }
}
