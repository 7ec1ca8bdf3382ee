using System.Net;
using System.Text.Json;
using QuadTurbo.Sidecar.State;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract section 3.</summary>
public sealed class StateTests
{
    private const string Base = "/v1.0/state/statestore";

    [Theory]
    [InlineData("wrong tag, key exists", 409, 409)]
    [InlineData("tag that is no number, key exists", 409, 400)]
    [InlineData("right tag, key exists", 204, 204)]
    [InlineData("any tag, key absent", 409, 204)]
    [InlineData("wrong tag with last-write, key exists", 409, 204)]
    [InlineData("first-write without tag, key absent", 204, 204)]
    [InlineData("first-write without tag, key exists", 409, 204)]
    [InlineData("first-write without tag, key written first before", 409, 500)]
    [InlineData("plain save, key written first before", 204, 500)]
    [InlineData("first-write with right tag, key written first before", 204, 204)]
    public async Task A_save_ends_as_the_contracts_table_says(string what, int inMemory, int redis)
    {
        foreach ((StateFlavour flavour, int expected) in new[] { (StateFlavour.InMemory, inMemory), (StateFlavour.Redis, redis) })
        {
            await using World world = Of(flavour);
            Beside beside = await world.BesideAsync("one");
            bool firstBefore = what.EndsWith("written first before", StringComparison.Ordinal);
            if (!what.EndsWith("absent", StringComparison.Ordinal)) await SaveAsync(beside, "k", 1, concurrency: firstBefore ? "first-write" : null);
            string? right = what.EndsWith("absent", StringComparison.Ordinal) ? null : await TagAsync(beside, "k");
            string wrong = flavour == StateFlavour.Redis ? "99" : "0b9f7d0e-0000-4000-8000-000000000000";
            string? tag = what.Contains("right", StringComparison.Ordinal) ? right
                : what.Contains("no number", StringComparison.Ordinal) ? "x"
                : what.StartsWith("wrong", StringComparison.Ordinal) || what.StartsWith("any", StringComparison.Ordinal) ? wrong : null;
            string? concurrency = what.StartsWith("first-write", StringComparison.Ordinal) ? "first-write"
                : what.Contains("last-write", StringComparison.Ordinal) ? "last-write" : null;

            Answered answered = await SaveAsync(beside, "k", 2, tag, concurrency);

            Assert.True(expected == (int)answered.Status, $"{what} on {flavour}: {(int)answered.Status}");
            if (expected != 204) Assert.Equal("ERR_STATE_SAVE", answered.Code);
            if (expected == 204 || right is not null)
                Assert.Equal(expected == 204 ? "2" : "1", (await beside.GetAsync($"{Base}/k")).Body);
        }
    }

    [Theory]
    [InlineData(StateFlavour.InMemory)]
    [InlineData(StateFlavour.Redis)]
    public async Task A_delete_wants_the_right_tag_or_none(StateFlavour flavour)
    {
        await using World world = Of(flavour);
        Beside beside = await world.BesideAsync("one");
        await SaveAsync(beside, "k", 1);
        string tag = await TagAsync(beside, "k");

        Answered wrong = await beside.SendAsync("DELETE", $"{Base}/k", headers: ("If-Match", "99"));
        Answered right = await beside.SendAsync("DELETE", $"{Base}/k", headers: ("If-Match", tag));
        Answered absent = await beside.SendAsync("DELETE", $"{Base}/k");

        Assert.Equal((HttpStatusCode.Conflict, "ERR_STATE_DELETE"), (wrong.Status, wrong.Code));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (right.Status, absent.Status));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync($"{Base}/k")).Status);
    }

    [Fact]
    public async Task Tags_count_up_on_redis_and_are_uuids_in_memory()
    {
        await using World redis = Of(StateFlavour.Redis), memory = Of(StateFlavour.InMemory);
        foreach (World world in new[] { redis, memory })
        {
            Beside beside = await world.BesideAsync("one");
            await SaveAsync(beside, "k", 1);
            string first = await TagAsync(beside, "k");
            await SaveAsync(beside, "k", 1);
            string second = await TagAsync(beside, "k");
            Assert.NotEqual(first, second);
            if (world == redis) Assert.Equal(("1", "2"), (first, second));
            else Assert.True(Guid.TryParse(first, out _) && Guid.TryParse(second, out _));
        }
    }

    [Fact]
    public async Task A_value_comes_back_as_compact_json_and_null_is_a_value()
    {
        await using World world = Of(StateFlavour.Redis);
        Beside beside = await world.BesideAsync("one");

        await beside.PostAsync(Base, """[{"key":"a","value":{ "n": 1.50 }},{"key":"b","value":null},{"key":"c"}]""");
        Answered a = await beside.GetAsync($"{Base}/a"), b = await beside.GetAsync($"{Base}/b"), c = await beside.GetAsync($"{Base}/c");
        Answered none = await beside.GetAsync($"{Base}/none");

        Assert.Equal((HttpStatusCode.OK, """{"n":1.50}""", "application/json"), (a.Status, a.Body, a.ContentType));
        Assert.Equal(("null", "null"), (b.Body, c.Body));
        Assert.Equal((HttpStatusCode.NoContent, ""), (none.Status, none.Body));
    }

    [Fact]
    public async Task A_value_with_a_time_to_live_vanishes_and_the_query_wins_over_the_item()
    {
        var clock = new TestClock();
        await using var world = new World(new MeshOptions(), clock);
        Beside beside = await world.BesideAsync("one");
        await beside.PostAsync(Base, """[{"key":"a","value":1,"metadata":{"ttlInSeconds":"60"}},{"key":"b","value":1,"metadata":{"ttlInSeconds":"-1"}}]""");
        await beside.PostAsync($"{Base}?metadata.ttlInSeconds=10", """[{"key":"c","value":1,"metadata":{"ttlInSeconds":"60"}}]""");

        Assert.Equal("2025-11-20T12:01:00Z", (await beside.GetAsync($"{Base}/a")).Headers["metadata.ttlExpireTime"]);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync($"{Base}/c")).Status);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync($"{Base}/a")).Status);
        Assert.Equal(HttpStatusCode.OK, (await beside.GetAsync($"{Base}/b")).Status);
        Answered wrong = await beside.PostAsync(Base, """[{"key":"a","value":1,"metadata":{"ttlInSeconds":"soon"}}]""");
        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_STATE_SAVE"), (wrong.Status, wrong.Code));
    }

    [Fact]
    public async Task A_save_of_many_is_not_all_or_nothing_and_reports_the_conflict()
    {
        await using World world = Of(StateFlavour.InMemory);
        Beside beside = await world.BesideAsync("one");
        await SaveAsync(beside, "b", 1);

        Answered answered = await beside.PostAsync(Base, """[{"key":"a","value":2},{"key":"b","value":2,"etag":"wrong"},{"key":"c","value":2}]""");

        Assert.Equal(HttpStatusCode.Conflict, answered.Status);
        Assert.Equal(("2", "1", "2"),
            ((await beside.GetAsync($"{Base}/a")).Body, (await beside.GetAsync($"{Base}/b")).Body, (await beside.GetAsync($"{Base}/c")).Body));
    }

    [Theory]
    [InlineData(StateFlavour.InMemory, "")]
    [InlineData(StateFlavour.Redis, "2")]
    public async Task A_transaction_that_fails_is_a_500_and_redis_keeps_the_rest_of_it(StateFlavour flavour, string left)
    {
        await using World world = Of(flavour);
        Beside beside = await world.BesideAsync("one");
        await SaveAsync(beside, "b", 1);

        Answered answered = await beside.PostAsync($"{Base}/transaction", """
            {"operations":[{"operation":"upsert","request":{"key":"a","value":2}},{"operation":"delete","request":{"key":"b","etag":"99"}}]}
            """);

        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_STATE_TRANSACTION"), (answered.Status, answered.Code));
        Assert.Equal((left, "1"), ((await beside.GetAsync($"{Base}/a")).Body, (await beside.GetAsync($"{Base}/b")).Body));
    }

    [Theory]
    [InlineData(StateFlavour.InMemory, 500)]
    [InlineData(StateFlavour.Redis, 204)]
    public async Task First_write_in_a_transaction_means_nothing_on_redis(StateFlavour flavour, int expected)
    {
        await using World world = Of(flavour);
        Beside beside = await world.BesideAsync("one");
        const string Create = """{"operations":[{"operation":"upsert","request":{"key":"a","value":1,"options":{"concurrency":"first-write"}}}]}""";

        Answered first = await beside.PostAsync($"{Base}/transaction", Create), second = await beside.PostAsync($"{Base}/transaction", Create);
        Answered empty = await beside.PostAsync($"{Base}/transaction", """{"operations":[]}""");
        Answered unknown = await beside.PostAsync($"{Base}/transaction", """{"operations":[{"operation":"merge","request":{"key":"a"}}]}""");

        Assert.Equal((HttpStatusCode.NoContent, (HttpStatusCode)expected), (first.Status, second.Status));
        Assert.Equal((HttpStatusCode.NoContent, "ERR_NOT_SUPPORTED_STATE_OPERATION"), (empty.Status, unknown.Code));
    }

    [Fact]
    public async Task A_bulk_get_answers_in_order_with_a_bare_entry_for_what_is_absent()
    {
        await using World world = Of(StateFlavour.Redis);
        Beside beside = await world.BesideAsync("one");
        await SaveAsync(beside, "a", 1);

        Answered answered = await beside.PostAsync($"{Base}/bulk", """{"keys":["none","a"],"parallelism":2}""");
        Answered empty = await beside.PostAsync($"{Base}/bulk", """{"keys":[]}""");

        Assert.Equal("""[{"key":"none"},{"key":"a","data":1,"etag":"1"}]""", answered.Body);
        Assert.Equal("[]", empty.Body);
    }

    [Theory]
    [InlineData("POST", "/v1.0/state/nobody", "[]", 400, "ERR_STATE_STORE_NOT_FOUND")]
    [InlineData("POST", "/v1.0/state/statestore", "{", 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"","value":1}]""", 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("POST", "/v1.0/state/statestore", """[{"key":"a||b","value":1}]""", 400, "ERR_MALFORMED_REQUEST")]
    public async Task A_wrong_call_is_refused_with_its_code(string verb, string path, string body, int status, string code)
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");

        Answered answered = await beside.SendAsync(verb, path, body);

        Assert.Equal(((HttpStatusCode)status, code), (answered.Status, answered.Code));
    }

    [Fact]
    public async Task A_store_that_is_down_fails_every_call_and_none_at_all_is_told_apart()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");
        world.Mesh.SetStoreDown("statestore", true);

        Assert.Equal("ERR_STATE_GET", (await beside.GetAsync($"{Base}/a")).Code);
        Assert.Equal("ERR_STATE_SAVE", (await SaveAsync(beside, "a", 1)).Code);
        Assert.Equal("ERR_STATE_DELETE", (await beside.SendAsync("DELETE", $"{Base}/a")).Code);
        world.Mesh.SetStoreDown("statestore", false);
        Assert.Equal(HttpStatusCode.NoContent, (await SaveAsync(beside, "a", 1)).Status);

        await using var bare = new World(new MeshOptions { Stores = [] });
        Answered none = await (await bare.BesideAsync("one")).GetAsync($"{Base}/a");
        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_STATE_STORE_NOT_CONFIGURED"), (none.Status, none.Code));
    }

    [Theory]
    [InlineData("appid", false)]
    [InlineData("name", true)]
    [InlineData("none", true)]
    [InlineData("ours", true)]
    public async Task The_prefix_decides_who_shares_a_key(string prefix, bool shared)
    {
        await using var world = new World(new MeshOptions { Stores = [new StateComponent { KeyPrefix = prefix }] });
        Beside one = await world.BesideAsync("one"), again = await world.BesideAsync("one"), other = await world.BesideAsync("other");

        await SaveAsync(one, "k", 1);

        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync($"{Base}/k")).Status);
        Assert.Equal(shared ? HttpStatusCode.OK : HttpStatusCode.NoContent, (await other.GetAsync($"{Base}/k")).Status);
    }

    [Fact]
    public async Task A_literal_plus_in_a_key_is_a_space()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");
        await SaveAsync(beside, "a b/c", 1);

        Assert.Equal(HttpStatusCode.OK, (await beside.GetAsync($"{Base}/a+b%2Fc")).Status);
        Assert.Equal(HttpStatusCode.OK, (await beside.GetAsync($"{Base}/a%20b%2Fc")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync($"{Base}/a%2Bb%2Fc")).Status);
    }

    private static World Of(StateFlavour flavour) => new(new MeshOptions { Stores = [new StateComponent { Flavour = flavour }] });

    private static async Task<string> TagAsync(Beside beside, string key) => (await beside.GetAsync($"{Base}/{key}")).Headers["ETag"];

    private static Task<Answered> SaveAsync(Beside beside, string key, int value, string? etag = null, string? concurrency = null)
    {
        var item = new Dictionary<string, object> { ["key"] = key, ["value"] = value };
        if (etag is not null) item["etag"] = etag;
        if (concurrency is not null) item["options"] = new { concurrency };
        return beside.PostAsync(Base, JsonSerializer.Serialize(new[] { item }));
    }
}
