using System.Diagnostics.CodeAnalysis;

namespace QuadTurbo.Hosting.Transport;

/// <summary>A first-in first-out queue bounded by the size of what waits in it; many writers, one reader.</summary>
internal sealed class BoundedQueue<T>(QueuePolicy policy, Func<T, int> sizeOf, TimeProvider clock)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _waiting = new();
    private readonly Queue<T> _dropped = new();
    private TaskCompletionSource? _room;
    private int _depth;
    private long _droppedCount;
    private int _forgotten;

    /// <summary>Items waiting.</summary>
    public int Depth => Volatile.Read(ref _depth);

    /// <summary>Messages dropped so far.</summary>
    public long DroppedCount => Interlocked.Read(ref _droppedCount);

    /// <summary>Takes in <paramref name="message"/>; what the policy drops instead is handed to <see cref="TryTakeDropped"/>.</summary>
    public async ValueTask EnqueueAsync(T message, CancellationToken cancel)
    {
        int size = sizeOf(message);
        while (!TryEnqueue(message, size, out Task? room))
        {
            try
            {
                await room.WaitAsync(policy.WaitAtMost, clock, cancel);
            }
            catch (TimeoutException)
            {
                Drop(message);
                return;
            }
        }
    }

    /// <summary>Completes when at most <paramref name="depth"/> items wait.</summary>
    public async ValueTask UntilAtMostAsync(int depth, CancellationToken cancel)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_depth <= depth) return;
                room = NextRoom();
            }
            await room.WaitAsync(cancel);
        }
    }

    /// <summary>The oldest message, left in place.</summary>
    public bool TryPeek([NotNullWhen(true)] out T? message)
    {
        lock (_lock) return _waiting.TryPeek(out message);
    }

    /// <summary>Removes the oldest message if it is still <paramref name="message"/>: it may have been dropped meanwhile.</summary>
    public bool TryRemove(T message)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            if (!_waiting.TryPeek(out T? oldest) || !ReferenceEquals(oldest, message)) return false;
            _waiting.Dequeue();
            _depth -= sizeOf(message);
            (room, _room) = (_room, null);
        }
        room?.TrySetResult();
        return true;
    }

    /// <summary>The next message that was dropped and not yet accounted for.</summary>
    public bool TryTakeDropped([NotNullWhen(true)] out T? message)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            if (!_dropped.TryDequeue(out message)) return false;
            (room, _room) = (_room, null);
        }
        room?.TrySetResult();
        return true;
    }

    /// <summary>How many messages were forgotten since the last call.</summary>
    public int TakeForgotten() => Volatile.Read(ref _forgotten) == 0 ? 0 : Interlocked.Exchange(ref _forgotten, 0);

    private bool TryEnqueue(T message, int size, [NotNullWhen(false)] out Task? room)
    {
        lock (_lock)
        {
            bool fits = _waiting.Count == 0 || _depth + size <= policy.Capacity;
            if (!fits && policy.WhenFull == WhenFull.Wait)
            {
                room = NextRoom();
                return false;
            }
            if (!fits && policy.WhenFull == WhenFull.DropOldest && _dropped.Count >= policy.Capacity)
            {
                // What was dropped waits to be accounted for, and that is bounded too.
                room = NextRoom();
                return false;
            }
            while (!fits && _waiting.TryDequeue(out T? oldest))
            {
                _depth -= sizeOf(oldest);
                if (policy.WhenFull == WhenFull.Forget) Interlocked.Increment(ref _forgotten);
                else _dropped.Enqueue(oldest);
                _droppedCount++;
                fits = _waiting.Count == 0 || _depth + size <= policy.Capacity;
            }
            _waiting.Enqueue(message);
            _depth += size;
            room = null;
            return true;
        }
    }

    private void Drop(T message)
    {
        lock (_lock)
        {
            _dropped.Enqueue(message);
            _droppedCount++;
        }
    }

    private Task NextRoom() => (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
