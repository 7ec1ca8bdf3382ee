using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Each limit of R-53, at the limit and one past it.</summary>
public sealed class LimitTests
{
    private const int BatchBody = 8 << 20;

    [Theory]
    [InlineData("/predict/batch", BatchBody, HttpStatusCode.OK)]
    [InlineData("/predict/batch", BatchBody + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/predict/single", 1 << 20, HttpStatusCode.OK)]
    [InlineData("/predict/single", (1 << 20) + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/command", 1 << 20, HttpStatusCode.OK)]
    [InlineData("/command", (1 << 20) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_has_at_most_the_bytes_of_its_endpoint(string path, int bytes, HttpStatusCode status)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string text = path == "/predict/batch" ? Golden.Text : path == "/predict/single" ? Golden.Opportunity.ToJsonString() : "{}";

        // In chunks, the frames of the chunks are counted too.
        foreach (bool announced in status == HttpStatusCode.OK ? new[] { true } : [true, false])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text.PadRight(bytes))) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = !announced;
            request.Headers.ExpectContinue = true;
            using HttpResponseMessage response = await host.Http.SendAsync(request);

            Assert.Equal(status, response.StatusCode);
            if (status != HttpStatusCode.OK) await GatewayHost.ProblemAsync(response);
        }
    }

    [Theory]
    [InlineData(Limits.HeaderBytes, "200")]
    [InlineData(Limits.HeaderBytes + 1, "431")]
    public async Task Headers_have_at_most_16_KiB(int bytes, string status)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        const string fixedPart = "Host: localhost\r\nConnection: close\r\nA: \r\n";

        string answer = await RawAsync(host, $"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nA: {new string('a', bytes - fixedPart.Length)}\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status}", answer);
    }

    [Theory]
    [InlineData(30, HttpStatusCode.OK)]
    [InlineData(31, HttpStatusCode.BadRequest)]
    public async Task Json_of_any_endpoint_is_at_most_32_deep(int lists, HttpStatusCode status)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        using HttpResponseMessage response = await host.PostAsync("/command", $"{{\"other\": {new string('[', lists + 1)}{new string(']', lists + 1)}}}");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task One_client_changes_state_at_most_as_often_as_the_setting_says()
    {
        // Four within the first window of a second: tried again, in a new host, where the machine was too slow for that.
        HttpResponseMessage[] answers;
        long began;
        do
        {
            await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.commandsPerSecond", "3"));
            began = Stopwatch.GetTimestamp();
            answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.PostAsync("/command", "{}")));
        }
        while (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.9));

        HttpResponseMessage refused = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("too_many_commands", (string?)(await GatewayHost.ProblemAsync(refused))["code"]);
    }

    [Fact]
    public async Task A_flood_of_one_command_does_not_hold_up_another()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.commandsPerSecond", "1"));

        for (int i = 0; i < 20; i++) await host.PostAsync("/command", "{}");

        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("/kill", "{}")).StatusCode);
    }

    [Fact]
    public async Task Predictions_are_not_counted_as_commands()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.commandsPerSecond", "1"));

        for (int i = 0; i < 10; i++) await host.PredictAsync(Golden.Request);
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_given_ten_seconds()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        KestrelServerLimits limits = host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal(TimeSpan.FromSeconds(10), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), limits.MinRequestBodyDataRate!.GracePeriod);
        Assert.Equal(240, limits.MinRequestBodyDataRate.BytesPerSecond);
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nA:")]
    [InlineData("POST /predict/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")]
    public async Task Who_stops_half_way_is_given_up(string beginning)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        Assert.StartsWith("HTTP/1.1 408", await RawAsync(host, beginning));
    }

    private static async Task<string> RawAsync(GatewayHost host, string request)
    {
        var address = new Uri(host.Addresses[0]);
        using var client = new TcpClient(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
