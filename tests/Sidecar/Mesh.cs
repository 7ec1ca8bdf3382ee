using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Sidecar.State;

namespace QuadTurbo.Sidecar;

/// <summary>Sidecars that share one broker, one set of state stores, and know each other by app-id.</summary>
public sealed class Mesh : IAsyncDisposable
{
    private const int MostSidecars = 1_000;
    private readonly List<SidecarServer> _sidecars = [];
    private readonly Dictionary<string, StateStore> _stores;
    private int _turn;

    /// <summary>A mesh without sidecars.</summary>
    public Mesh(MeshOptions? options = null, TimeProvider? clock = null)
    {
        Options = options ?? new MeshOptions();
        Clock = clock ?? TimeProvider.System;
        Broker = new Broker(Options.Broker, Faults, Clock);
        _stores = Options.Stores.ToDictionary(s => s.Name, s => new StateStore(s, Clock), StringComparer.Ordinal);
    }

    /// <summary>What goes wrong, for all sidecars.</summary>
    public FaultBox Faults { get; } = new();

    /// <summary>The broker.</summary>
    public Broker Broker { get; }

    internal MeshOptions Options { get; }

    internal TimeProvider Clock { get; }

    internal IReadOnlyDictionary<string, StateStore> Stores => _stores;

    /// <summary>Starts a sidecar; it listens when this returns.</summary>
    /// <exception cref="IOException">Its port is taken.</exception>
    public async Task<SidecarServer> StartAsync(SidecarOptions options, CancellationToken ct = default)
    {
        var sidecar = new SidecarServer(this, options);
        lock (_sidecars)
        {
            if (_sidecars.Count >= MostSidecars) throw new InvalidOperationException($"the mesh has {MostSidecars} sidecars already");
            _sidecars.Add(sidecar);
        }
        await sidecar.StartAsync(ct);
        return sidecar;
    }

    /// <summary>Lets <paramref name="store"/> fail every call, or work again.</summary>
    public void SetStoreDown(string store, bool down) => _stores[store].Down = down;

    /// <summary>Kills every sidecar that is left.</summary>
    public async ValueTask DisposeAsync()
    {
        SidecarServer[] left;
        lock (_sidecars) left = [.. _sidecars];
        foreach (SidecarServer sidecar in left) await sidecar.KillAsync();
    }

    /// <summary>An instance of <paramref name="target"/> (or <c>target.namespace</c>) that lives; they take turns.</summary>
    internal SidecarServer? Resolve(string target)
    {
        string appId = target.Split('.')[0];
        lock (_sidecars)
        {
            SidecarServer[] alive = [.. _sidecars.Where(s => s.AppId == appId && s.App is not null && s.Listening)];
            return alive.Length == 0 ? null : alive[(int)((uint)Interlocked.Increment(ref _turn) % alive.Length)];
        }
    }

    internal void Forget(SidecarServer sidecar)
    {
        lock (_sidecars) _sidecars.Remove(sidecar);
    }
}
