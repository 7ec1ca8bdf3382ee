using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Every documented refusal of a request for predictions.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Theory]
    [InlineData("chain", "\"solana\"", "'solana'")]
    [InlineData("chain", "7", "7")]
    [InlineData("chain", "null", "null")]
    [InlineData("input_amount", "-1", "-1")]
    [InlineData("input_amount", "0", "0")]
    [InlineData("input_amount", "1.0000001e18", "1.0000001e18")]
    [InlineData("input_amount", "1e999", "1e999")]
    [InlineData("input_amount", "\"1000\"", "'1000'")]
    [InlineData("input_amount", "[1]", "a list")]
    [InlineData("input_amount", "{}", "an object")]
    [InlineData("input_amount", "true", "true")]
    [InlineData("expected_output", "-0.01", "-0.01")]
    [InlineData("gas_estimate", "-1", "-1")]
    [InlineData("gas_estimate", "1.5", "1.5")]
    [InlineData("gas_estimate", "1000000001", "1000000001")]
    [InlineData("gas_estimate", "1e300", "1e300")]
    [InlineData("profit_usd", "-1.1e15", "-1.1e15")]
    [InlineData("confidence_score", "1.01", "1.01")]
    [InlineData("confidence_score", "-0.01", "-0.01")]
    [InlineData("timestamp", "-1", "-1")]
    [InlineData("timestamp", "4102444800", "4102444800")]
    [InlineData("route_id", "\"\"", "''")]
    [InlineData("route_id", "5", "5")]
    [InlineData("tokens", "\"USDC\"", "'USDC'")]
    [InlineData("tokens", "[\"USDC\"]", "a list of 1")]
    [InlineData("dexes", "[]", "a list of 0")]
    public async Task A_field_out_of_its_limits_refuses_the_request_whole_and_is_named(string field, string value, string shown)
    {
        JsonObject request = Golden.Batch(5);
        request["opportunities"]![3]![field] = value == "1e999" ? null : JsonNode.Parse(value);
        string body = request.ToJsonString();
        if (value == "1e999") body = body.Replace($"\"{field}\":null", $"\"{field}\":1e999", StringComparison.Ordinal);

        JsonObject problem = await RefusedAsync("/predict/batch", body);

        Assert.Equal($"opportunities[3].{field}", (string?)problem["field"]);
        Assert.Equal(shown, (string?)problem["value"]);
        Assert.Equal("invalid_field", (string?)problem["code"]);
        Assert.Contains((string)problem["limit"]!, (string?)problem["detail"]);
        Assert.Contains(shown, (string?)problem["detail"]);
    }

    [Theory]
    [InlineData("input_amount", "1e-18")]
    [InlineData("input_amount", "1e18")]
    [InlineData("expected_output", "0")]
    [InlineData("gas_estimate", "0")]
    [InlineData("gas_estimate", "350000.0")]
    [InlineData("gas_estimate", "1000000000")]
    [InlineData("profit_usd", "-1e15")]
    [InlineData("confidence_score", "1")]
    [InlineData("timestamp", "4102444799")]
    public async Task A_field_at_its_limit_is_accepted(string field, string value)
    {
        string body = Golden.Request.ToJsonString();
        JsonObject request = JsonNode.Parse(body)!.AsObject();
        request["opportunities"]![0]![field] = JsonNode.Parse(value);

        Assert.Equal(1, (int)(await Host.PredictAsync(request))["total_opportunities"]!);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task A_route_id_has_at_most_256_bytes(int bytes, bool accepted) =>
        await AcceptedAsync(r => r["route_id"] = new string('x', bytes), accepted, "opportunities[0].route_id");

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task A_token_has_at_most_64_bytes(int bytes, bool accepted) =>
        await AcceptedAsync(r => r["tokens"] = new JsonArray("USDC", new string('x', bytes)), accepted, "opportunities[0].tokens[1]");

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public async Task A_route_has_at_most_16_tokens_and_16_exchanges(int count, bool accepted)
    {
        await AcceptedAsync(r => r["tokens"] = Many(), accepted, "opportunities[0].tokens");
        await AcceptedAsync(r => r["dexes"] = Many(), accepted, "opportunities[0].dexes");

        JsonArray Many() => [.. Enumerable.Repeat("USDC", count).Select(t => (JsonNode)t)];
    }

    [Theory]
    [InlineData("route_id")]
    [InlineData("tokens")]
    [InlineData("dexes")]
    [InlineData("input_amount")]
    [InlineData("expected_output")]
    [InlineData("gas_estimate")]
    [InlineData("profit_usd")]
    [InlineData("confidence_score")]
    [InlineData("chain")]
    public async Task A_field_that_is_missing_is_named(string field)
    {
        JsonObject request = Golden.Batch(3);
        request["opportunities"]![1]!.AsObject().Remove(field);

        JsonObject problem = await RefusedAsync("/predict/batch", request.ToJsonString());

        Assert.Equal($"opportunities[1].{field}", (string?)problem["field"]);
        Assert.Equal("missing", (string?)problem["value"]);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    public async Task A_number_that_json_does_not_have_is_refused_where_it_stands(string number)
    {
        string body = Golden.Text.Replace("1012.0", number, StringComparison.Ordinal);

        JsonObject problem = await RefusedAsync("/predict/batch", body);

        Assert.Equal("opportunities[0].expected_output", (string?)problem["field"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{} x")]
    [InlineData("{\"opportunities\": {}}")]
    [InlineData("{\"opportunities\": [7]}")]
    [InlineData("{\"opportunities\": [], \"threshold\": 0.5}")]
    [InlineData("{\"threshold\": 0.5}")]
    [InlineData("{\"route_id\": \"a\"}")]
    [InlineData("{\"opportunities\": [{\"route_id\": \"\\ud800\"}]}")]
    public async Task What_is_no_batch_is_refused(string body) => await RefusedAsync("/predict/batch", body);

    [Theory]
    [InlineData("threshold", "1.1")]
    [InlineData("threshold", "-0.1")]
    [InlineData("threshold", "\"0.5\"")]
    [InlineData("use_gpu", "1")]
    [InlineData("use_gpu", "null")]
    [InlineData("extra", "1")]
    public async Task An_option_that_is_not_in_order_is_named(string option, string value)
    {
        JsonObject batch = Golden.Request, single = Golden.Opportunity;
        batch[option] = JsonNode.Parse(value);
        single[option] = JsonNode.Parse(value);

        Assert.Equal(option, (string?)(await RefusedAsync("/predict/batch", batch.ToJsonString()))["field"]);
        Assert.Equal(option, (string?)(await RefusedAsync("/predict/single", single.ToJsonString()))["field"]);
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public async Task A_batch_has_at_most_10000_opportunities(int count, bool accepted)
    {
        using HttpResponseMessage response = await Host.PostAsync("/predict/batch", Golden.Batch(count).ToJsonString());

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (!accepted) Assert.Equal("opportunities", (string?)(await GatewayHost.ProblemAsync(response))["field"]);
    }

    [Fact]
    public async Task A_member_that_is_not_known_is_refused()
    {
        JsonObject request = Golden.Batch(3);
        request["opportunities"]![2]!["slippage"] = 1;

        JsonObject problem = await RefusedAsync("/predict/batch", request.ToJsonString());

        Assert.Equal("opportunities[2].slippage", (string?)problem["field"]);
        Assert.Contains("input_amount", (string?)problem["limit"]);
    }

    [Fact]
    public async Task A_key_that_comes_twice_is_refused()
    {
        string inside = Golden.Text.Replace("\"gas_estimate\"", "\"profit_usd\": 1, \"gas_estimate\"", StringComparison.Ordinal);
        string outside = Golden.Text.Replace("\"use_gpu\"", "\"threshold\": 0.1, \"use_gpu\"", StringComparison.Ordinal);

        Assert.Equal("opportunities[0].profit_usd", (string?)(await RefusedAsync("/predict/batch", inside))["field"]);
        Assert.Equal("threshold", (string?)(await RefusedAsync("/predict/batch", outside))["field"]);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf_8_are_refused()
    {
        byte[] body = Encoding.UTF8.GetBytes(Golden.Text);
        body[Array.IndexOf(body, (byte)'u')] = 0xFF;

        using HttpResponseMessage response = await Host.PostAsync("/predict/batch", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("UTF-8", (string?)(await GatewayHost.ProblemAsync(response))["detail"]);
    }

    [Theory]
    [InlineData(30, "not a field")]
    [InlineData(31, "32 deep")]
    public async Task Json_is_at_most_32_deep(int lists, string said)
    {
        // The request itself is one deep, and its list of opportunities another.
        string nested = $"{{\"extra\": {new string('[', lists + 1)}{new string(']', lists + 1)}}}";

        Assert.Contains(said, (string?)(await RefusedAsync("/predict/batch", nested))["detail"]);
    }

    [Fact]
    public async Task A_body_that_is_not_said_to_be_json_is_refused()
    {
        using HttpResponseMessage response = await Host.Http.PostAsync("/predict/batch", new StringContent(Golden.Text, Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        await GatewayHost.ProblemAsync(response);
    }

    [Theory]
    [InlineData("GET", "/predict/batch", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, HttpStatusCode status)
    {
        using HttpResponseMessage response = await Host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, response.StatusCode);
        await GatewayHost.ProblemAsync(response);
    }

    [Fact]
    public async Task A_refusal_does_not_repeat_a_long_value_in_full()
    {
        JsonObject request = Golden.Request;
        request["opportunities"]![0]!["chain"] = new string('c', 5000);

        JsonObject problem = await RefusedAsync("/predict/batch", request.ToJsonString());

        Assert.True(((string)problem["detail"]!).Length < 300);
    }

    private async Task AcceptedAsync(Action<JsonNode> change, bool accepted, string field)
    {
        JsonObject request = Golden.Request;
        change(request["opportunities"]![0]!);
        if (accepted) await Host.PredictAsync(request);
        else Assert.Equal(field, (string?)(await RefusedAsync("/predict/batch", request.ToJsonString()))["field"]);
    }

    private async Task<JsonObject> RefusedAsync(string path, string body)
    {
        using HttpResponseMessage response = await Host.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await GatewayHost.ProblemAsync(response);
    }
}
