using System.Text.Encodings.Web;
using System.Text.Json;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>The tables of the message that this thread is writing or reading, and its buffers; reused from message to message.</summary>
internal sealed class WireScope
{
    [ThreadStatic]
    private static WireScope? _current;

    private WireScope()
    {
    }

    /// <summary>This thread's.</summary>
    public static WireScope Current => _current ??= new WireScope();

    public WireTable<Instrument> Instruments { get; } = new("instrument");

    public WireTable<ModelRef> Models { get; } = new("model");

    public WireTable<GatePolicy> Policies { get; } = new("policy");

    public WireTable<ScorerNames> Scorers { get; } = new("scorer");

    public WireTable<Decision> Decisions { get; } = new("decision");

    /// <summary>Whether the message has model inputs, whose order is that of the schema.</summary>
    public bool HasFeatures { get; set; }

    /// <summary>Parts of the message that is being written.</summary>
    public WireBuffer Value { get; } = new();

    /// <summary>The referenced decisions of that message.</summary>
    public WireBuffer Referenced { get; } = new();

    /// <summary>The whole of it.</summary>
    public WireBuffer Whole { get; } = new();

    public Utf8JsonWriter Writer { get; } =
        new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Forgets the message.</summary>
    public void Clear()
    {
        Instruments.Clear();
        Models.Clear();
        Policies.Clear();
        Scorers.Clear();
        Decisions.Clear();
        HasFeatures = false;
        Value.Clear();
        Referenced.Clear();
        Whole.Clear();
    }
}

/// <summary>The objects of one kind that one message refers to, by number.</summary>
/// <param name="what">What they are, for people.</param>
internal sealed class WireTable<T>(string what)
    where T : class
{
    private readonly Dictionary<T, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<T> _entries = [];
    private T? _last;
    private int _lastNumber;

    public IReadOnlyList<T> Entries => _entries;

    public int Count => _entries.Count;

    /// <summary>The number of <paramref name="entry"/>, added on first sight.</summary>
    public int NumberOf(T entry)
    {
        if (ReferenceEquals(entry, _last)) return _lastNumber;
        if (!_numbers.TryGetValue(entry, out int number))
        {
            _numbers[entry] = number = _entries.Count;
            _entries.Add(entry);
        }
        (_last, _lastNumber) = (entry, number);
        return number;
    }

    /// <summary>One more entry of a message that is being read.</summary>
    public void Add(T entry) => _entries.Add(entry);

    /// <exception cref="JsonException">There is no such entry.</exception>
    public T Read(int number) =>
        (uint)number < (uint)_entries.Count ? _entries[number] : throw new JsonException($"{what} {number} is not among the {_entries.Count} of the message");

    public void Clear()
    {
        if (_entries.Count == 0) return;
        _numbers.Clear();
        _entries.Clear();
        _last = null;
    }
}
