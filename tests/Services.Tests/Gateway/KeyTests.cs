using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Gateway.Security;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Who may change state .</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task On_loopback_no_key_is_needed_until_there_is_one()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await CommandAsync(host));
        string key = new ApiKeyFile(host.Folder.FullName).Create("desk", TimeProvider.System);

        Assert.Equal(HttpStatusCode.Unauthorized, await CommandAsync(host));
        Assert.Equal(HttpStatusCode.Unauthorized, await CommandAsync(host, "qt_wrong"));
        Assert.Equal(HttpStatusCode.OK, await CommandAsync(host, key));
        Assert.Equal(2, host.Commands);
    }

    [Fact]
    public async Task A_refusal_for_want_of_a_key_is_a_problem_that_names_the_header()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.key", "a key of the settings"));

        using HttpResponseMessage response = await host.PostAsync("/command", "{}");
        JsonObject problem = await GatewayHost.ProblemAsync(response);

        Assert.Equal("key_needed", (string?)problem["code"]);
        Assert.Contains("X-Api-Key", (string?)problem["detail"]);
        Assert.Equal("ApiKey", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, await CommandAsync(host, "a key of the settings"));
    }

    [Fact]
    public async Task Wrong_keys_run_out_and_a_generated_key_is_still_accepted()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: [("api.key", "chosen"), ("api.wrongKeysPerMinute", "3")]);
        string generated = new ApiKeyFile(host.Folder.FullName).Create("desk", TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, await CommandAsync(host, "chosen"));
        for (int i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, await CommandAsync(host, $"guess {i}"));

        using HttpResponseMessage refused = await host.PostAsync("/command", "{}", "guess 4");
        JsonObject problem = await GatewayHost.ProblemAsync(refused);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("too_many_wrong_keys", (string?)problem["code"]);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, await CommandAsync(host, "chosen"));
        Assert.Equal(HttpStatusCode.OK, await CommandAsync(host, generated));
        Assert.Equal(HttpStatusCode.Unauthorized, await CommandAsync(host));
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("127.0.0.1:99", true)]
    [InlineData("[::1]", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("desk.example", true)]
    public async Task A_request_that_names_another_host_is_not_answered(string name, bool answered)
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, settings: ("api.hosts", "desk.example, other.example"));
        HttpStatusCode refused = HttpStatusCode.MisdirectedRequest;
        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/queues") { Headers = { Host = name } };
        using var command = new HttpRequestMessage(HttpMethod.Post, "/command") { Content = new StringContent("{}"), Headers = { Host = name } };
        command.Headers.Add("Origin", $"http://{name}");

        Assert.Equal(answered, (await host.Http.SendAsync(read)).StatusCode != refused);
        Assert.Equal(answered, (await host.Http.SendAsync(command)).StatusCode != refused);
        Assert.Equal(answered ? 0 : (HttpStatusCode?)refused, answered ? 0 : await LiveClient.RefusedAsync(host, options => options.SetRequestHeader("Host", name)));
    }

    [Fact]
    public async Task Predictions_and_pages_need_no_key()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.key", "secret"));

        Assert.Equal(1, (int)(await host.PredictAsync(Golden.Request))["total_opportunities"]!);
        await host.PredictAsync(Golden.Opportunity, "/predict/single");
        Assert.NotEmpty(await host.Http.GetStringAsync("/models/summary"));
    }

    [Theory]
    [InlineData("POST", "/nothing")]
    [InlineData("PUT", "/command")]
    [InlineData("DELETE", "/models/summary")]
    [InlineData("PATCH", "/")]
    [InlineData("POST", "/PREDICT/batch/x")]
    public async Task What_was_not_marked_as_harmless_is_closed(string method, string path)
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.key", "secret"));

        using HttpResponseMessage response = await host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_the_next_request()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.key", "another"));
        var file = new ApiKeyFile(host.Folder.FullName);
        string key = file.Create("desk", TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, await CommandAsync(host, key));

        Assert.True(file.Revoke("desk"));

        Assert.Equal(HttpStatusCode.Unauthorized, await CommandAsync(host, key));
        Assert.False(file.Revoke("desk"));
    }

    [Fact]
    public async Task A_damaged_file_of_keys_closes_rather_than_opens()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(host.Folder.FullName, "api-keys.json"), "[{");

        Assert.Equal(HttpStatusCode.Unauthorized, await CommandAsync(host));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://example.invalid:0")]
    public async Task Where_others_can_reach_it_it_does_not_start_without_a_key(string url)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.StartAsync(url: url));

        Assert.Contains("keys create", refused.Message);
    }

    [Fact]
    public async Task Where_others_can_reach_it_it_starts_with_a_key_and_stays_closed_when_that_is_revoked()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway");
        try
        {
            var file = new ApiKeyFile(folder.FullName);
            string key = file.Create("desk", TimeProvider.System);
            await using GatewayHost host = await GatewayHost.StartAsync(folder, "http://0.0.0.0:0");
            host.Http.Dispose();
            using var http = new HttpClient { BaseAddress = new Uri(host.Addresses[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };

            Assert.Equal(HttpStatusCode.OK, await StatusAsync(key));
            file.Revoke("desk");
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(key));

            async Task<HttpStatusCode> StatusAsync(string k)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/command") { Content = new StringContent("{}", null, "application/json") };
                request.Headers.Add("X-Api-Key", k);
                using HttpResponseMessage response = await http.SendAsync(request);
                return response.StatusCode;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_page_of_another_host_may_not_change_state()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await FromPageAsync("http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await FromPageAsync("null"));
        Assert.Equal(HttpStatusCode.OK, await FromPageAsync(host.Addresses[0]));

        async Task<HttpStatusCode> FromPageAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/command") { Content = new StringContent("{}", null, "application/json") };
            request.Headers.Add("Origin", origin);
            using HttpResponseMessage response = await host.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public void What_is_kept_of_a_key_is_its_hash()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("keys");
        try
        {
            var file = new ApiKeyFile(folder.FullName);
            string key = file.Create("desk", TimeProvider.System), other = file.Create("desk2", TimeProvider.System);
            string kept = File.ReadAllText(file.Path);

            Assert.NotEqual(key, other);
            Assert.DoesNotContain(key[3..9], kept);
            Assert.Equal(["desk", "desk2"], file.Read().Select(k => k.Name));
            Assert.Equal(Convert.ToHexStringLower(ApiKeyFile.HashOf(key)), file.Read()[0].Sha256);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
            Assert.Throws<ArgumentException>(() => file.Create("desk", TimeProvider.System));
            Assert.Throws<ArgumentException>(() => file.Create("a b", TimeProvider.System));
            Assert.Throws<ArgumentException>(() => file.Create("", TimeProvider.System));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Keys_are_in_no_log_and_on_no_page()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("api.key", "canary-5f2a91"));
        await CommandAsync(host, "canary-wrong-77");
        await CommandAsync(host, "canary-5f2a91");

        foreach (string page in new[] { "/health", "/metrics", "/models/summary", "/openapi/v1.json" })
            Assert.DoesNotContain("canary", await host.Http.GetStringAsync(page));
        foreach (FileInfo file in host.Folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            using var reader = new StreamReader(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            Assert.DoesNotContain("canary", await reader.ReadToEndAsync());
        }
    }

    private static async Task<HttpStatusCode> CommandAsync(GatewayHost host, string? key = null)
    {
        using HttpResponseMessage response = await host.PostAsync("/command", "{}", key);
        return response.StatusCode;
    }
}
