using System.Text;
using QuadTurbo.Hosting.State;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class KeyValueStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly KeyValueStore _store;

    public KeyValueStoreTests() => _store = KeyValueStore.Open(_folder.File("state.db"), _clock);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_value_comes_back_with_its_tag_until_it_is_deleted()
    {
        Assert.Null(await _store.GetAsync("guard"));

        StateResult set = await _store.SetAsync("guard", Bytes("open"));

        StateEntry entry = (await _store.GetAsync("guard"))!;
        Assert.Equal("open", Text(entry));
        Assert.Equal(set.ETag, entry.ETag);
        Assert.Null(entry.ExpiresAt);
        Assert.Equal(new StateResult(StateOutcome.Done, null), await _store.DeleteAsync("guard"));
        Assert.Null(await _store.GetAsync("guard"));
        Assert.Equal(StateOutcome.Missing, (await _store.DeleteAsync("guard")).Outcome);
    }

    [Fact]
    public async Task Only_the_first_create_succeeds()
    {
        StateResult first = await _store.CreateAsync("k", Bytes("1"));
        StateResult second = await _store.CreateAsync("k", Bytes("2"));

        Assert.True(first.Done);
        Assert.Equal(new StateResult(StateOutcome.Conflict, first.ETag), second);
        Assert.Equal("1", Text((await _store.GetAsync("k"))!));
    }

    [Fact]
    public async Task A_value_is_replaced_or_deleted_only_under_its_latest_tag()
    {
        string old = (await _store.SetAsync("k", Bytes("1"))).ETag!;
        string latest = (await _store.ReplaceAsync("k", old, Bytes("2"))).ETag!;

        Assert.NotEqual(old, latest);
        Assert.Equal(new StateResult(StateOutcome.Conflict, latest), await _store.ReplaceAsync("k", old, Bytes("3")));
        Assert.Equal(new StateResult(StateOutcome.Conflict, latest), await _store.DeleteAsync("k", old));
        Assert.Equal(new StateResult(StateOutcome.Missing, null), await _store.ReplaceAsync("other", latest, Bytes("3")));
        Assert.Equal("2", Text((await _store.GetAsync("k"))!));
        Assert.True((await _store.DeleteAsync("k", latest)).Done);
    }

    [Fact]
    public async Task A_tag_is_never_used_again_even_after_a_delete_and_a_restart()
    {
        string first = (await _store.SetAsync("k", Bytes("1"))).ETag!;
        await _store.DeleteAsync("k");
        _store.Dispose();

        using KeyValueStore reopened = KeyValueStore.Open(_folder.File("state.db"), _clock);
        string second = (await reopened.CreateAsync("k", Bytes("1"))).ETag!;

        Assert.NotEqual(first, second);
        Assert.Equal(StateOutcome.Conflict, (await reopened.ReplaceAsync("k", first, Bytes("2"))).Outcome);
    }

    [Fact]
    public async Task A_value_lives_until_its_time_and_not_at_it()
    {
        StateResult set = await _store.SetAsync("k", Bytes("1"), TimeSpan.FromSeconds(10));
        Assert.Equal(_clock.GetUtcNow().AddSeconds(10), (await _store.GetAsync("k"))!.ExpiresAt);

        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.NotNull(await _store.GetAsync("k"));
        Assert.Equal(0, await _store.SweepAsync());

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await _store.GetAsync("k"));
        Assert.Equal(StateOutcome.Missing, (await _store.ReplaceAsync("k", set.ETag!, Bytes("2"))).Outcome);
        Assert.True((await _store.CreateAsync("k", Bytes("3"))).Done);
    }

    [Fact]
    public async Task Sweeping_takes_expired_values_alone()
    {
        await _store.SetAsync("short", Bytes("1"), TimeSpan.FromSeconds(1));
        await _store.SetAsync("long", Bytes("1"), TimeSpan.FromSeconds(9));
        await _store.SetAsync("endless", Bytes("1"), TimeSpan.MaxValue);
        await _store.SetAsync("untimed", Bytes("1"));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1, await _store.SweepAsync());
        Assert.Equal(0, await _store.SweepAsync());
        foreach (string key in new[] { "long", "endless", "untimed" })
            Assert.NotNull(await _store.GetAsync(key));
    }

    [Fact]
    public async Task Setting_again_without_a_time_to_live_makes_a_value_stay()
    {
        await _store.SetAsync("k", Bytes("1"), TimeSpan.FromSeconds(1));
        await _store.SetAsync("k", Bytes("2"));
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal("2", Text((await _store.GetAsync("k"))!));
    }

    [Theory]
    [InlineData(256, 0, true)]
    [InlineData(257, 0, false)]
    [InlineData(254, 1, true)]
    [InlineData(255, 1, false)]
    public async Task A_key_is_measured_in_bytes(int ascii, int twoByte, bool fits)
    {
        string key = new string('k', ascii) + new string('é', twoByte);
        if (fits)
        {
            Assert.True((await _store.SetAsync(key, Bytes("1"))).Done);
            return;
        }

        ArgumentException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _store.SetAsync(key, Bytes("1")));
        Assert.StartsWith("key is 257 bytes; the limit is 256 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_one_mebibyte_fits_and_one_byte_more_does_not()
    {
        byte[] largest = new byte[1024 * 1024];
        largest[^1] = 7;
        await _store.SetAsync("k", largest);
        Assert.Equal(largest, (await _store.GetAsync("k"))!.Value.ToArray());

        ArgumentException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _store.SetAsync("k", new byte[1024 * 1024 + 1]));
        Assert.StartsWith("value is 1048577 bytes; the limit is 1048576 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, (await _store.GetAsync("k"))!.Value.Span[^1]);
    }

    [Fact]
    public async Task A_key_that_is_no_text_is_refused()
    {
        foreach (string key in new[] { "", "a\0b", "half \ud800" })
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await _store.SetAsync(key, Bytes("1")));
            await Assert.ThrowsAsync<ArgumentException>(async () => await _store.GetAsync(key));
            await Assert.ThrowsAsync<ArgumentException>(async () => await _store.DeleteAsync(key));
        }
    }

    [Fact]
    public async Task A_time_to_live_must_be_positive()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _store.SetAsync("k", Bytes("1"), TimeSpan.Zero));
        Assert.True((await _store.SetAsync("k", Bytes("1"), TimeSpan.FromTicks(1))).Done);
    }

    [Fact]
    public async Task No_increment_is_lost_between_two_openers_of_one_file()
    {
        using KeyValueStore other = KeyValueStore.Open(_folder.File("state.db"), _clock);
        await _store.SetAsync("n", Bytes("0"));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => IncrementAsync(i % 2 == 0 ? _store : other, 50))));

        Assert.Equal("200", Text((await _store.GetAsync("n"))!));
    }

    private static async Task IncrementAsync(KeyValueStore store, int times)
    {
        for (int done = 0; done < times;)
        {
            StateEntry entry = (await store.GetAsync("n"))!;
            string next = $"{int.Parse(Text(entry), System.Globalization.CultureInfo.InvariantCulture) + 1}";
            if ((await store.ReplaceAsync("n", entry.ETag, Bytes(next))).Done)
                done++;
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(StateEntry entry) => Encoding.UTF8.GetString(entry.Value.Span);
}
