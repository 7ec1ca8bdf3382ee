namespace QuadTurbo.Training.Trainers;

/// <summary>The one place in the process where a full retrain runs: a second one waits, and so bounds the memory and the cores that learning takes.</summary>
public sealed class RetrainSlot : IDisposable
{
    private readonly SemaphoreSlim _free = new(1);

    /// <summary>True while somebody is in it.</summary>
    public bool Taken => _free.CurrentCount == 0;

    /// <summary>Enters as soon as it is free; what is given leaves it again.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancel = default)
    {
        await _free.WaitAsync(cancel);
        return new Stay(_free);
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private sealed class Stay(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}
