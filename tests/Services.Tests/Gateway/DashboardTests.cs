using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>How the dashboard's files are served; what they show is tested in tests/Browser.</summary>
public sealed partial class DashboardTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/ui/opportunities?verdict=refused")]
    [InlineData("/ui/opportunities/0123456789abcdef0123456789abcdef")]
    [InlineData("/ui/gates")]
    [InlineData("/ui/models")]
    [InlineData("/ui/learning")]
    [InlineData("/ui/performance")]
    public async Task Every_page_is_one_document_that_is_asked_for_anew_and_runs_nothing_but_files_of_this_host(string path)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        HttpResponseMessage page = await host.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-cache", $"{page.Headers.CacheControl}");
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task A_file_is_kept_forever_and_reads_the_same_however_it_is_compressed()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        string script = Script().Match(await host.Http.GetStringAsync("/")).Groups[1].Value;

        string plain = await host.Http.GetStringAsync(script);
        string gzip = await UnpackAsync(host.Http, script, "gzip", static s => new GZipStream(s, CompressionMode.Decompress));
        string brotli = await UnpackAsync(host.Http, script, "br", static s => new BrotliStream(s, CompressionMode.Decompress));

        Assert.Equal(plain, gzip);
        Assert.Equal(plain, brotli);
        HttpResponseMessage file = await host.Http.GetAsync(script);
        Assert.Equal("public, max-age=31536000, immutable", $"{file.Headers.CacheControl}");
        using var again = new HttpRequestMessage(HttpMethod.Get, script) { Headers = { IfNoneMatch = { file.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await host.Http.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("/ui/nowhere")]
    [InlineData("/ui/assets/nothing.js")]
    [InlineData("/ui/..%2f..%2fapi-keys.json")]
    [InlineData("/ui/%2e%2e/api-keys.json")]
    [InlineData("/ui/index.html.gz")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task The_root_of_a_compat_port_is_health_as_older_programs_had_it()
    {
        // An address of this machine that nothing else listens at.
        string address = $"127.{Environment.ProcessId / 250 % 250 + 2}.{Environment.ProcessId % 250 + 2}.2";
        await using GatewayHost host = await GatewayHost.StartAsync(url: $"http://{address}:0", settings: ("compat.ports", "[8000]"));
        using var api = new HttpClient { BaseAddress = new Uri($"http://{address}:8000") };

        Assert.Equal("application/json", (await api.GetAsync("/")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/ui/gates")).StatusCode);
        Assert.Equal("text/html", (await host.Http.GetAsync("/")).Content.Headers.ContentType?.MediaType);
    }

    private static async Task<string> UnpackAsync(HttpClient http, string path, string encoding, Func<Stream, Stream> unpack)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new(encoding) } } };
        HttpResponseMessage answer = await http.SendAsync(request);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        using var text = new StreamReader(unpack(await answer.Content.ReadAsStreamAsync()));
        return await text.ReadToEndAsync();
    }

    [GeneratedRegex("src=\"(/ui/assets/[^\"]+\\.js)\"")]
    private static partial Regex Script();
}
