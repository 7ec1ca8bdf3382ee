using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Training.Dataset;

/// <summary>The last samples, oldest first; the oldest gives way to the newest. Not thread-safe.</summary>
public sealed class SampleBuffer(int capacity)
{
    private readonly Queue<Sample> _samples = new(Math.Min(capacity, 1 << 16));

    /// <summary>Most samples that it holds.</summary>
    public int Capacity { get; } = capacity > 0 ? capacity : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "at least 1");

    /// <summary>Samples that it holds.</summary>
    public int Count => _samples.Count;

    /// <summary>Samples that it was given since the start.</summary>
    public long Total { get; private set; }

    /// <summary>Holds <paramref name="sample"/>.</summary>
    public void Add(Sample sample)
    {
        if (_samples.Count == Capacity) _samples.Dequeue();
        _samples.Enqueue(sample);
        Total++;
    }

    /// <summary>Whether it holds the sample of <paramref name="id"/>; looks through all of them.</summary>
    public bool Contains(OpportunityId id)
    {
        foreach (Sample sample in _samples)
            if (sample.Id == id) return true;
        return false;
    }

    /// <summary>Every sample that it holds, in the order in which they became known.</summary>
    public Sample[] ToArray() => [.. _samples];
}
