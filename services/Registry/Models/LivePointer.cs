using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>Which version of one type served when; folded from history, one step for each line that changed it. Not thread-safe.</summary>
internal sealed class LivePointer
{
    private readonly List<LiveModel> _steps = [];
    private readonly List<ModelRef> _reign = [];

    public LivePointer(VersionType type)
    {
        // A type that scores opportunities has the labelled baseline before anything is decided; the others have nothing.
        ModelRef? baseline = type == VersionType.MetaLabel ? ModelPackage.Baseline.Ref : null;
        string why = baseline is null ? "nothing was assigned yet" : "the labelled baseline serves before anything is assigned";
        _steps.Add(new LiveModel(baseline, null, 0, null, DateTime.MinValue, why, 0));
        if (baseline is not null) _reign.Add(baseline);
    }

    public LiveModel Now => _steps[^1];

    /// <summary>The baseline is there since <paramref name="at"/>; the beginning of Unix time stands for "nobody knows".</summary>
    public void Begin(DateTime at)
    {
        if (_steps is [{ Seq: 0 } first]) _steps[0] = first with { Since = at > DateTime.UnixEpoch ? at : DateTime.MinValue };
    }

    /// <summary>Versions that a rollback would go back to, the latest first: each once, without the one that serves.</summary>
    public IEnumerable<ModelRef> Before => Enumerable.Reverse(_reign).Skip(1);

    /// <summary>What was live at an instant: the last step at it or before it; nothing before the first.</summary>
    public LiveModel At(DateTime instant)
    {
        if (instant < _steps[0].Since) return new LiveModel(null, null, 0, null, DateTime.MinValue, "nothing was live: this registry begins later", 0);
        int low = 0, high = _steps.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_steps[middle].Since <= instant) low = middle;
            else high = middle - 1;
        }
        return _steps[low];
    }

    public void Crown(ModelRef model, HistoryEntry entry)
    {
        _reign.Remove(model);
        _reign.Add(model);
        _steps.Add(new LiveModel(model, null, 0, null, entry.At, entry.Why, entry.Seq) { Pinned = Now.Pinned });
    }

    /// <summary>The challenger has won; whatever people held, they hold it no longer.</summary>
    public void Promote(ModelRef model, HistoryEntry entry)
    {
        Crown(model, entry);
        _steps[^1] = Now with { Pinned = false };
    }

    public void Pin(bool held, HistoryEntry entry) => _steps.Add(Now with { Pinned = held, Since = entry.At, Why = entry.Why, Seq = entry.Seq });

    /// <summary>Goes back to a version; what served after it is forgotten as a place to go back to. What people held stays held.</summary>
    public void Restore(ModelRef model, bool pinned, HistoryEntry entry)
    {
        int place = _reign.IndexOf(model);
        _reign.RemoveRange(place < 0 ? Math.Max(0, _reign.Count - 1) : place, place < 0 ? Math.Min(1, _reign.Count) : _reign.Count - place);
        Crown(model, entry);
        if (pinned) _steps[^1] = Now with { Pinned = true };
    }

    public void Challenge(ModelRef challenger, ExperimentStarted started, HistoryEntry entry) =>
        _steps.Add(new LiveModel(Now.Champion, challenger, started.Share, started.Experiment, entry.At, entry.Why, entry.Seq) { Pinned = Now.Pinned });

    public void Ramp(double share, HistoryEntry entry) => _steps.Add(Now with { Share = share, Since = entry.At, Why = entry.Why, Seq = entry.Seq });

    public void EndChallenge(HistoryEntry entry) =>
        _steps.Add(new LiveModel(Now.Champion, null, 0, null, entry.At, entry.Why, entry.Seq) { Pinned = Now.Pinned });
}
