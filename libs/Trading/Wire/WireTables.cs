using System.Collections.Concurrent;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>
/// The objects that a process makes of what messages refer to: the same one for the same thing, however many messages name it. Safe from any thread.
/// </summary>
/// <remarks>
/// Instruments stay. Of policies and scorers 64 are kept and of models 1,024; after that they begin anew, which costs another object and nothing else.
/// </remarks>
/// <param name="instruments">The instruments of the process.</param>
public sealed class WireTables(InstrumentTable instruments)
{
    private readonly Interned<string, GatePolicy> _policies = new(64);
    private readonly Interned<ModelRef, ModelRef> _models = new(1024);
    private readonly Interned<ScorerNames, ScorerNames> _scorers = new(64);

    /// <summary>The instruments of the process.</summary>
    public InstrumentTable Instruments => instruments;

    internal GatePolicy? FindPolicy(string hash) => _policies.Find(hash);

    internal ModelRef? Find(ModelRef model) => _models.Find(model);

    internal ScorerNames? Find(ScorerNames scorer) => _scorers.Find(scorer);

    internal GatePolicy Keep(string hash, GatePolicy policy) => _policies.Keep(hash, policy);

    internal ModelRef Keep(ModelRef model) => _models.Keep(model, model);

    internal ScorerNames Keep(ScorerNames scorer) => _scorers.Keep(scorer, scorer);

    private sealed class Interned<TKey, TValue>(int most)
        where TKey : notnull
        where TValue : class
    {
        private readonly ConcurrentDictionary<TKey, TValue> _known = new();

        public TValue? Find(TKey key) => _known.GetValueOrDefault(key);

        public TValue Keep(TKey key, TValue value)
        {
            if (_known.Count >= most && !_known.ContainsKey(key)) _known.Clear();
            return _known.GetOrAdd(key, value);
        }
    }
}
