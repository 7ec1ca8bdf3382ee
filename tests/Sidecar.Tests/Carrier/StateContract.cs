using System.Text;
using QuadTurbo.Hosting.State;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Sidecar.State;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>What every state store promises, whatever is behind it.</summary>
public abstract class StateContract : IAsyncDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("state-");
    private readonly List<IDisposable> _stores = [];
    private protected readonly TestClock Clock = new();

    private protected string Place => _place.FullName;

    /// <summary>A store; all of one test share what is behind it.</summary>
    private protected abstract Task<IStateStore> OpenAsync();

    [Fact]
    public async Task What_was_set_is_got_with_its_tag_by_everyone()
    {
        IStateStore store = await StoreAsync(), other = await StoreAsync();

        StateResult set = await store.SetAsync("a key/with ünïcode+%2F", Bytes("one"));

        StateEntry? got = await other.GetAsync("a key/with ünïcode+%2F");
        Assert.Equal(("one", set.ETag), (Text(got), got!.ETag));
        Assert.Null(await store.GetAsync("a key/with ünïcode %2F"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(StateLimits.ValueBytes)]
    public async Task A_value_comes_back_byte_for_byte_up_to_the_limit(int length)
    {
        IStateStore store = await StoreAsync();
        byte[] value = new byte[length];
        new Random(length).NextBytes(value);

        await store.SetAsync("key", value);

        Assert.Equal(value, (await store.GetAsync("key"))!.Value.ToArray());
    }

    [Fact]
    public async Task Only_one_creates_a_key()
    {
        IStateStore[] stores = [await StoreAsync(), await StoreAsync(), await StoreAsync()];

        StateResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => await stores[i % 3].CreateAsync("leader", Bytes($"{i}")))));

        StateResult winner = Assert.Single(results, static r => r.Done);
        Assert.All(results.Where(static r => !r.Done), r => Assert.Equal((StateOutcome.Conflict, winner.ETag), (r.Outcome, r.ETag)));
        Assert.Equal(winner.ETag, (await stores[0].GetAsync("leader"))!.ETag);
    }

    [Fact]
    public async Task A_key_that_was_set_is_not_created()
    {
        IStateStore store = await StoreAsync();
        await store.SetAsync("key", Bytes("set"));

        Assert.Equal(StateOutcome.Conflict, (await store.CreateAsync("key", Bytes("created"))).Outcome);

        Assert.Equal("set", Text(await store.GetAsync("key")));
    }

    [Fact]
    public async Task Counters_that_are_compared_and_set_lose_nothing()
    {
        IStateStore[] stores = [await StoreAsync(), await StoreAsync()];
        await stores[0].SetAsync("count", Bytes("0"));

        await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            for (int done = 0; done < 40;)
            {
                StateEntry entry = (await store.GetAsync("count"))!;
                int next = int.Parse(Text(entry)!, System.Globalization.CultureInfo.InvariantCulture) + 1;
                if ((await store.ReplaceAsync("count", entry.ETag, Bytes($"{next}"))).Done) done++;
            }
        })));

        Assert.Equal("80", Text(await stores[0].GetAsync("count")));
    }

    [Fact]
    public async Task A_stale_tag_changes_nothing_and_a_missing_key_is_not_replaced()
    {
        IStateStore store = await StoreAsync();
        StateResult first = await store.SetAsync("key", Bytes("1")), second = await store.SetAsync("key", Bytes("2"));

        Assert.Equal((StateOutcome.Conflict, second.ETag), Parts(await store.ReplaceAsync("key", first.ETag!, Bytes("3"))));
        Assert.Equal((StateOutcome.Conflict, second.ETag), Parts(await store.DeleteAsync("key", first.ETag)));
        Assert.Equal((StateOutcome.Missing, null), Parts(await store.ReplaceAsync("other", second.ETag!, Bytes("3"))));
        Assert.Equal("2", Text(await store.GetAsync("key")));
        Assert.Null(await store.GetAsync("other"));
    }

    [Fact]
    public async Task What_was_deleted_is_missing_and_can_be_created_and_its_old_tag_names_it_no_more()
    {
        IStateStore store = await StoreAsync();
        StateResult old = await store.CreateAsync("key", Bytes("old"));

        Assert.Equal((StateOutcome.Done, null), Parts(await store.DeleteAsync("key")));
        Assert.Null(await store.GetAsync("key"));
        Assert.Equal((StateOutcome.Missing, null), Parts(await store.DeleteAsync("key")));
        Assert.Equal((StateOutcome.Missing, null), Parts(await store.ReplaceAsync("key", old.ETag!, Bytes("never"))));
        Assert.True((await store.CreateAsync("key", Bytes("new"))).Done);

        Assert.Equal(StateOutcome.Conflict, (await store.ReplaceAsync("key", old.ETag!, Bytes("never"))).Outcome);
        Assert.Equal("new", Text(await store.GetAsync("key")));
    }

    [Fact]
    public async Task An_expired_value_is_missing_to_every_call()
    {
        IStateStore store = await StoreAsync();
        StateResult set = await store.SetAsync("lease", Bytes("mine"), TimeSpan.FromSeconds(10));
        Assert.Equal(Clock.GetUtcNow() + TimeSpan.FromSeconds(10), (await store.GetAsync("lease"))!.ExpiresAt);

        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await store.GetAsync("lease"));
        Assert.Equal(StateOutcome.Missing, (await store.ReplaceAsync("lease", set.ETag!, Bytes("still mine"))).Outcome);
        Assert.True((await store.CreateAsync("lease", Bytes("yours"))).Done);
        Assert.Equal(StateOutcome.Conflict, (await store.ReplaceAsync("lease", set.ETag!, Bytes("mine again"))).Outcome);
    }

    [Theory]
    [InlineData("", "key")]
    [InlineData("a||b", "'||'")]
    [InlineData("a\0b", "zero character")]
    public async Task What_is_no_key_is_refused_by_name(string key, string says)
    {
        IStateStore store = await StoreAsync();

        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.SetAsync(key, Bytes("x")));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_past_the_limit_is_refused()
    {
        IStateStore store = await StoreAsync();

        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.SetAsync("key", new byte[StateLimits.ValueBytes + 1]));

        Assert.Contains("1048577 bytes; the limit is 1048576 bytes", refused.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable store in _stores) store.Dispose();
        await EndAsync();
        _place.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    private protected async Task<IStateStore> StoreAsync()
    {
        IStateStore store = await OpenAsync();
        _stores.Add((IDisposable)store);
        return store;
    }

    private static (StateOutcome Outcome, string? ETag) Parts(StateResult result) => (result.Outcome, result.ETag);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Text(StateEntry? entry) => entry is null ? null : Encoding.UTF8.GetString(entry.Value.Span);
}

/// <summary>The contract on this machine.</summary>
public sealed class EmbeddedStateTests : StateContract
{
    private protected override Task<IStateStore> OpenAsync() => Task.FromResult<IStateStore>(KeyValueStore.Open(Path.Combine(Place, "state.db"), Clock));
}

/// <summary>The contract beside a sidecar whose store keeps all in memory.</summary>
public sealed class InMemoryStateTests() : DaprStateTests(StateFlavour.InMemory);

/// <summary>The contract beside a sidecar whose store is Redis.</summary>
public sealed class RedisStateTests() : DaprStateTests(StateFlavour.Redis);

/// <summary>The contract beside a sidecar.</summary>
public abstract class DaprStateTests(StateFlavour flavour) : StateContract
{
    private readonly Mesh _mesh = new(new MeshOptions { Stores = [new StateComponent { Flavour = flavour }] });
    private SidecarServer? _sidecar;

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_settled_by_reading_again()
    {
        IStateStore store = await StoreAsync();
        await store.SetAsync("key", new byte[] { 1 });
        string tag = (await store.GetAsync("key"))!.ETag;
        _mesh.Faults.Plan = new FaultPlan { Seed = 3, Rates = new Dictionary<Fault, double> { [Fault.CutAnswer] = 0.3, [Fault.CutRequest] = 0.1 } };

        for (byte i = 2; i < 60; i++)
        {
            StateResult replaced;
            try
            {
                replaced = await store.ReplaceAsync("key", tag, new byte[] { i });
            }
            catch (StateUnavailableException)
            {
                // The reading was lost: that is known, and nothing is claimed.
                StateEntry? now = await ReadAsync(store);
                if (now!.Value.Span[0] == i) tag = now.ETag;
                else i--;
                continue;
            }
            Assert.True(replaced.Done, $"write {i} is said to have failed");
            tag = replaced.ETag!;
        }

        Assert.Equal(59, (await ReadAsync(store))!.Value.Span[0]);
        Assert.True(_mesh.Faults.Count(Fault.CutAnswer) > 10, "no answer was lost");
    }

    [Fact]
    public async Task A_store_that_is_down_is_named_and_works_again_when_it_is_back()
    {
        IStateStore store = await StoreAsync();
        _mesh.SetStoreDown("statestore", down: true);

        var down = await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("key"));
        _mesh.SetStoreDown("statestore", down: false);

        Assert.Equal("key", down.Key);
        Assert.Contains("ERR_STATE_GET", down.Message, StringComparison.Ordinal);
        Assert.True((await store.CreateAsync("key", new byte[] { 1 })).Done);
    }

    private protected override async Task<IStateStore> OpenAsync()
    {
        _sidecar ??= await _mesh.StartAsync(new SidecarOptions { AppId = "production" });
        await _sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        return new DaprStateStore(new DaprOptions { AppId = "production", Sidecar = _sidecar.Address, AppPort = 1 }, Clock);
    }

    private protected override ValueTask EndAsync() => _mesh.DisposeAsync();

    private async Task<StateEntry?> ReadAsync(IStateStore store)
    {
        _mesh.Faults.Plan = new FaultPlan();
        StateEntry? entry = await store.GetAsync("key");
        _mesh.Faults.Plan = new FaultPlan { Seed = 3, Rates = new Dictionary<Fault, double> { [Fault.CutAnswer] = 0.3, [Fault.CutRequest] = 0.1 } };
        return entry;
    }
}
