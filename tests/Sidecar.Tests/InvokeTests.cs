using System.Net;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract section 4.</summary>
public sealed class InvokeTests
{
    [Fact]
    public async Task A_call_reaches_the_other_application_whole_and_its_answer_comes_back_verbatim()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(answer: _ => new Reply(418, "tea", "text/x-tea"));
        await world.BesideAsync("callee", app, o => o with { AppToken = "to-app" });
        Beside caller = await world.BesideAsync("caller");

        Answered answered = await caller.SendAsync("PATCH", "/v1.0/invoke/callee/method/a/./b/../c?x=1&y=%20", "body", "text/plain", ("mine", "kept"),
            ("dapr-api-token", "not for the app"));
        Received got = await app.NextAsync();

        Assert.Equal((418, "tea", "text/x-tea"), ((int)answered.Status, answered.Body, answered.ContentType));
        Assert.Equal(("PATCH", "/a/c", "?x=1&y=%20", "body", "text/plain"), (got.Verb, got.Path, got.Query, got.Text, got.Headers["Content-Type"]));
        Assert.Equal(("caller", "callee", "to-app", "kept"),
            (got.Headers["dapr-caller-app-id"], got.Headers["dapr-callee-app-id"], got.Headers["dapr-api-token"], got.Headers["mine"]));
        Assert.True(got.Headers.ContainsKey("traceparent") && got.Headers.ContainsKey("X-Forwarded-For"));
    }

    [Fact]
    public async Task A_call_of_oneself_is_local_and_gets_no_callers_headers()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync();
        Beside beside = await world.BesideAsync("one", app);

        Answered answered = await beside.SendAsync("GET", "/v1.0/invoke/one/method/me");
        Received got = await app.NextAsync();

        Assert.Equal((HttpStatusCode.OK, "/me"), (answered.Status, got.Path));
        Assert.False(got.Headers.ContainsKey("dapr-caller-app-id") || got.Headers.ContainsKey("X-Forwarded-For"));
    }

    [Fact]
    public async Task Any_other_path_is_a_call_when_a_header_says_whom()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync();
        await world.BesideAsync("callee", app);
        Beside caller = await world.BesideAsync("caller");

        Answered named = await caller.SendAsync("GET", "/some/path?q=1", headers: ("dapr-app-id", "callee.default"));
        Answered unnamed = await caller.GetAsync("/some/path");
        Received got = await app.NextAsync();

        Assert.Equal((HttpStatusCode.OK, "/some/path", "?q=1"), (named.Status, got.Path, got.Query));
        Assert.False(got.Headers.ContainsKey("dapr-app-id"));
        Assert.Equal((HttpStatusCode.NotFound, "ERR_DIRECT_INVOKE"), (unnamed.Status, unnamed.Code));
    }

    [Fact]
    public async Task An_application_that_is_not_there_is_a_500_of_the_sidecar_and_not_of_the_application()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(answer: _ => new Reply(500, """{"mine":true}"""));
        Beside callee = await world.BesideAsync("callee", app), caller = await world.BesideAsync("caller");

        Answered own = await caller.GetAsync("/v1.0/invoke/callee/method/x");
        await app.DisposeAsync();
        Answered deaf = await caller.GetAsync("/v1.0/invoke/callee/method/x");
        await callee.Sidecar.KillAsync();
        Answered gone = await caller.GetAsync("/v1.0/invoke/callee/method/x");

        Assert.Equal("""{"mine":true}""", own.Body);
        Assert.Equal(("ERR_DIRECT_INVOKE", "ERR_DIRECT_INVOKE"), (deaf.Code, gone.Code));
        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (deaf.Status, gone.Status));
        Assert.StartsWith("failed to invoke, id: callee, err: ", gone.Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Instances_of_one_application_take_turns()
    {
        await using var world = new World();
        TestApp first = await world.AppAsync(answer: _ => new Reply(Body: "1")), second = await world.AppAsync(answer: _ => new Reply(Body: "2"));
        await world.BesideAsync("callee", first);
        await world.BesideAsync("callee", second);
        Beside caller = await world.BesideAsync("caller");

        var answers = new List<string>();
        for (int i = 0; i < 4; i++) answers.Add((await caller.GetAsync("/v1.0/invoke/callee/method/x")).Body);

        Assert.Equal(["1", "1", "2", "2"], answers.Order(StringComparer.Ordinal));
    }
}
