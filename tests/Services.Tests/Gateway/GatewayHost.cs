using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Gateway;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Inference;
using QuadTurbo.Registry;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Gateway, Inference and, where asked for, Registry behind a real listener, beside a service with one command: <c>POST /command</c> counts.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly bool _ownsFolder;
    private int _commands;

    private GatewayHost(DirectoryInfo folder, bool ownsFolder, string url, IReadOnlyDictionary<string, string> settings, bool inference, bool registry, bool training, Action<IHostApplicationBuilder>? also)
    {
        Folder = folder;
        _ownsFolder = ownsFolder;
        Service[] services =
        [
            .. registry ? [RegistryService.Definition] : Array.Empty<Service>(),
            .. inference ? [InferenceService.Definition] : Array.Empty<Service>(),
            GatewayService.Definition,
            new("test", builder =>
            {
                also?.Invoke(builder);
                if (!training) return;
                builder.Services.AddSingleton(Reported);
                builder.Subscribe(Topics.OutcomeReported, static _ => new Listener<ConcurrentQueue<OutcomeReported>, OutcomeReported>(
                    static (reported, outcome, _) =>
                    {
                        reported.Enqueue(outcome);
                        return ValueTask.CompletedTask;
                    },
                    QueuePolicy.Wait(16)));
            },
            routes =>
            {
                routes.MapPost("/command", (Command _) => Interlocked.Increment(ref _commands)).WithSummary("Counts.");
                routes.MapPost("/kill", static () => "killed").WithSummary("Must never wait for other commands.");
            }),
        ];
        _host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = folder.FullName,
                Settings = PlatformSettings.Load(ServiceHost.CatalogueOf(services), new SettingsSources { CommandLine = settings }),
                Clock = TimeProvider.System,
                Url = url,
            },
            services);
    }

    public DirectoryInfo Folder { get; }

    public HttpClient Http { get; private set; } = new();

    public ConcurrentQueue<OutcomeReported> Reported { get; } = new();

    public int Commands => _commands;

    public IReadOnlyList<string> Addresses => [.. Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public IServiceProvider Services => _host.Services;

    public static async Task<GatewayHost> StartAsync(
        DirectoryInfo? folder = null, string url = "http://127.0.0.1:0", bool inference = true, bool registry = false, bool training = true,
        Action<IHostApplicationBuilder>? also = null, params (string Key, string Value)[] settings)
    {
        var host = new GatewayHost(
            folder ?? Directory.CreateTempSubdirectory("gateway"), folder is null, url, settings.ToDictionary(s => s.Key, s => s.Value), inference, registry, training, also);
        try
        {
            await host._host.StartAsync();
            host.Http = new HttpClient { BaseAddress = new Uri(host.Addresses[0]) };
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null) => PostAsync(path, Encoding.UTF8.GetBytes(body), key);

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        return await Http.SendAsync(request);
    }

    public async Task<JsonObject> PredictAsync(JsonObject request, string path = "/predict/batch")
    {
        using HttpResponseMessage response = await PostAsync(path, request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), response.Content.Headers.ContentLength);
        return JsonNode.Parse(body)!.AsObject();
    }

    public async Task AssignAsync(ModelPackage package)
    {
        EmbeddedTransport transport = Services.GetRequiredService<EmbeddedTransport>();
        await transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = package.Ref, Package = package.Bytes, Why = "a test says so" });
        await transport.UntilIdleAsync();
    }

    public static async Task<JsonObject> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize<JsonObject>(await response.Content.ReadAsStringAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        if (_ownsFolder) Folder.Delete(recursive: true);
    }

    public sealed record Command(string? Text);
}
