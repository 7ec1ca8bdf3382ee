using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class NotifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_notification_is_a_line_in_the_file_at_once()
    {
        using Notifier notifier = Create(webhook: null);

        notifier.Notify(Example("night"));
        notifier.Notify(Example("drift"));

        Assert.Equal(["night", "drift"], Lines().Select(l => (string?)l["kind"]));
        Assert.Equal(("2023-03-02T00:00:00Z", "so it was", 7), ((string?)Lines()[0]["at"], (string?)Lines()[0]["text"], (int?)Lines()[0]["data"]!["wins"]));
    }

    [Fact]
    public async Task A_webhook_is_told_and_one_that_fails_is_tried_again()
    {
        using var hook = new Webhook(failures: 1);
        using Notifier notifier = Create(hook.Address);
        await notifier.StartAsync(CancellationToken.None);

        notifier.Notify(Example("night"));

        Assert.Equal(["night", "night"], await hook.HeardAsync(2));
        await notifier.StopAsync(CancellationToken.None);
        Assert.Single(Lines());
    }

    [Fact]
    public async Task What_is_on_its_way_at_a_stop_is_still_delivered()
    {
        using var hook = new Webhook(failures: 0);
        using Notifier notifier = Create(hook.Address);
        await notifier.StartAsync(CancellationToken.None);

        for (int i = 0; i < 5; i++) notifier.Notify(Example($"n{i}"));
        await notifier.StopAsync(CancellationToken.None);

        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], await hook.HeardAsync(5));
    }

    [Theory]
    [InlineData("ftp://example.org/x")]
    [InlineData("not an address")]
    [InlineData("/relative")]
    public void A_webhook_that_is_no_http_address_is_refused_by_name(string address)
    {
        var refusal = Assert.Throws<SettingsException>(() => new NotificationSettings { Webhook = address }.Address());

        Assert.Equal("notifications.webhook", Assert.Single(refusal.Errors).Key);
        Assert.Null(new NotificationSettings().Address());
    }

    private Notifier Create(Uri? webhook) => new(Path.GetDirectoryName(_folder.File(Notifier.FileName))!, webhook, NullLogger<Notifier>.Instance);

    private JsonNode[] Lines() => [.. File.ReadAllLines(_folder.File(Notifier.FileName)).Select(l => JsonNode.Parse(l)!)];

    private static Notification Example(string kind) => new(kind, new DateTime(2023, 3, 2, 0, 0, 0, DateTimeKind.Utc), "so it was", new JsonObject { ["wins"] = 7 });

    /// <summary>A real server on loopback that refuses the first posts and notes the kind of all.</summary>
    private sealed class Webhook : IDisposable
    {
        private readonly HttpListener _listener;
        private readonly System.Threading.Channels.Channel<string> _heard = System.Threading.Channels.Channel.CreateBounded<string>(100);

        public Webhook(int failures)
        {
            (_listener, Address) = Listen();
            _ = AnswerAsync(failures);
        }

        public Uri Address { get; }

        public async Task<string[]> HeardAsync(int count)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var heard = new string[count];
            for (int i = 0; i < count; i++) heard[i] = await _heard.Reader.ReadAsync(patience.Token);
            return heard;
        }

        public void Dispose() => _listener.Close();

        private static (HttpListener, Uri) Listen()
        {
            for (int port = 20_000 + Environment.ProcessId % 10_000; ; port++)
            {
                var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
                try
                {
                    listener.Start();
                    return (listener, new Uri($"http://127.0.0.1:{port}/"));
                }
                catch (HttpListenerException) when (port < 65_000)
                {
                    // Taken: the next one.
                }
            }
        }

        private async Task AnswerAsync(int failures)
        {
            try
            {
                for (int n = 0; ; n++)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream);
                    string kind = (string)JsonNode.Parse(await reader.ReadToEndAsync())!["kind"]!;
                    context.Response.StatusCode = n < failures ? 503 : 204;
                    context.Response.Close();
                    await _heard.Writer.WriteAsync(kind);
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
