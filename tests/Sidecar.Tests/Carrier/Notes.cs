using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>Numbered messages of a real type.</summary>
internal static class Notes
{
    public static readonly Topic<DecisionsCommitted> First = new("test.first"), Second = new("test.second"), Third = new("test.third");

    public static DecisionsCommitted Of(int number) => new([new OpportunityId(7, (ulong)number)]);

    public static int NumberOf(DecisionsCommitted note) => (int)note.Ids[0].Low;
}

/// <summary>Writes down what it hears, one message at a time, and can be held up.</summary>
internal sealed class Ear
{
    private readonly ConcurrentQueue<string> _heard = new();
    private TaskCompletionSource _gate = Open();
    private int _inside;

    /// <summary>What was heard, in order, as topic and number.</summary>
    public string[] Heard => [.. _heard];

    /// <summary>True when two messages were once handled at the same time.</summary>
    public bool Overlapped { get; private set; }

    /// <summary>Whether a message can be taken; by topic and number.</summary>
    public Func<string, int, bool> Ready { get; set; } = static (_, _) => true;

    /// <summary>What it does with a message besides.</summary>
    public Func<string, int, ValueTask> Then { get; set; } = static (_, _) => ValueTask.CompletedTask;

    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _gate.TrySetResult();

    public void Listen(IHostApplicationBuilder builder, params Topic<DecisionsCommitted>[] topics)
    {
        builder.Services.TryAddSingleton(this);
        foreach (Topic<DecisionsCommitted> topic in topics)
        {
            builder.Subscribe(topic, _ => new Listener<Ear, DecisionsCommitted>(
                (ear, note, _) => ear.HearAsync(topic.Name, Notes.NumberOf(note)), QueuePolicy.Wait(100), (ear, note) => ear.Ready(topic.Name, Notes.NumberOf(note))));
        }
    }

    private async ValueTask HearAsync(string topic, int number)
    {
        Overlapped |= Interlocked.Increment(ref _inside) != 1;
        await _gate.Task;
        if (number % 3 == 0) await Task.Yield();
        _heard.Enqueue($"{topic} {number}");
        await Then(topic, number);
        Interlocked.Decrement(ref _inside);
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
