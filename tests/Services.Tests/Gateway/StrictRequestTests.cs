using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>What every route does alike: an unknown field of a query is refused by name, HEAD is GET without the body, and a body that nothing reads must be empty.</summary>
public sealed class StrictRequestTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync(registry: true);

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task Every_read_of_ours_refuses_a_field_that_it_does_not_know_by_name()
    {
        string[] paths = [.. Reads().Where(e => e.Metadata.GetMetadata<AnyQuery>() is null).Select(PathOf)];
        Assert.Contains("/api/learning", paths);
        Assert.Contains("/models/summary", paths);
        foreach (string path in paths)
        {
            using HttpResponseMessage response = await Host.Http.GetAsync($"{path}?symbl=BTC-USD");

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{path}: {response.StatusCode}");
            JsonObject problem = await GatewayHost.ProblemAsync(response);
            Assert.Equal(("invalid_field", "symbl", "not a field of this query"), ((string?)problem["code"], (string?)problem["field"], (string?)problem["value"]));
        }
    }

    [Fact]
    public async Task Pages_probes_and_mlflow_pass_over_what_they_do_not_know()
    {
        string[] paths = [.. Reads().Where(e => e.Metadata.GetMetadata<AnyQuery>() is not null).Select(PathOf)];
        Assert.Equal(["/", "/healthz", "/readyz", "/health", "/metrics"], new[] { "/", "/healthz", "/readyz", "/health", "/metrics" }.Intersect(paths));
        foreach (string path in paths)
        {
            using HttpResponseMessage plain = await Host.Http.GetAsync(path), probed = await Host.Http.GetAsync($"{path}?probe=1");
            Assert.Equal(plain.StatusCode, probed.StatusCode);
        }
    }

    [Theory]
    [InlineData("/api/opportunities?limit=1&limit=2", "limit", "given twice")]
    [InlineData("/models/history?at=2026-11-20T12:00:00Z&at=2026-11-20T12:00:00Z", "at", "given twice")]
    [InlineData("/models/history?modeltype=regime", "modeltype", "not a field of this query")]
    public async Task A_field_is_given_once_and_by_its_name(string path, string field, string value)
    {
        using HttpResponseMessage response = await Host.Http.GetAsync(path);

        JsonObject problem = await GatewayHost.ProblemAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, field, value), (response.StatusCode, (string?)problem["field"], (string?)problem["value"]));
    }

    [Fact]
    public async Task Every_read_answers_head_as_get_without_the_body()
    {
        foreach (string path in Reads().Select(PathOf))
        {
            using HttpResponseMessage get = await Host.Http.GetAsync(path), head = await Host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

            Assert.True(get.StatusCode == head.StatusCode, $"{path}: {head.StatusCode}, and GET {get.StatusCode}");
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
        using HttpResponseMessage write = await Host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/models/rollback"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, write.StatusCode);
    }

    [Theory]
    [InlineData("{\"model_type\":\"meta_label\"}", "model_type", "not a field of this request")]
    [InlineData("[1]", "", "a list")]
    [InlineData("{", "", "not JSON as it is read here")]
    public async Task A_body_that_a_retrain_does_not_read_is_refused(string body, string field, string value)
    {
        using HttpResponseMessage response = await Host.PostAsync("/api/ml/train?model_type=rl", body);
        JsonObject problem = await GatewayHost.ProblemAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, field, value), (response.StatusCode, (string?)problem["field"], (string?)problem["value"]));

        using HttpResponseMessage empty = await Host.PostAsync("/api/ml/train?model_type=rl", "{}"), none = await Host.PostAsync("/api/ml/train?model_type=rl", ""),
            unknown = await Host.PostAsync("/api/ml/train?model_type=rl&rounds=3", "");
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (empty.StatusCode, none.StatusCode, unknown.StatusCode));
    }

    [Theory]
    [InlineData("registered-models/create", "{\"name\":\"meta_label\",\"colour\":\"red\"}", "colour")]
    [InlineData("registered-models/create", "{\"name\":7}", "name")]
    [InlineData("model-versions/create", "{\"name\":\"meta_label\",\"source\":[\"a.json\"]}", "source")]
    [InlineData("model-versions/set-tag", "{\"name\":\"meta_label\",\"version\":1,\"key\":\"a\",\"value\":\"b\"}", "version")]
    [InlineData("model-versions/set-tag", "{\"name\":\"meta_label\",\"version\":\"1\",\"key\":\"a\",\"value\":\"b\",\"val\":\"c\"}", "val")]
    public async Task A_field_of_an_mlflow_body_that_is_unknown_or_of_another_type_is_refused_by_name_as_mlflow_does(string call, string body, string field)
    {
        using HttpResponseMessage response = await Host.PostAsync($"/api/2.0/mlflow/{call}", body);

        JsonObject error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (response.StatusCode, (string?)error["error_code"]));
        Assert.StartsWith(field, (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_mlflows_client_sends_and_nothing_here_keeps_is_taken()
    {
        using HttpResponseMessage response = await Host.PostAsync(
            "/api/2.0/mlflow/model-versions/create", "{\"name\":\"meta_label\",\"source\":\"gone.json\",\"run_id\":\"r\",\"run_link\":\"l\",\"model_id\":\"m\",\"tags\":[],\"description\":\"d\"}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private IEnumerable<RouteEndpoint> Reads() => Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true);

    private static string PathOf(RouteEndpoint endpoint) =>
        "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{id}", new string('a', 32), StringComparison.Ordinal).Replace("{name}", "v1", StringComparison.Ordinal).Replace("{**path}", "gates", StringComparison.Ordinal);
}
