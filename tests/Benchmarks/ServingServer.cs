using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Gateway;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Inference;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Benchmarks;

/// <summary>Gateway and Inference as the platform composes them, an echo to compare with, and a way to assign models.</summary>
internal static class ServingServer
{
    private static readonly Dictionary<string, ModelPackage> Models = [];

    /// <summary>Serves until standard input ends; first says where.</summary>
    public static async Task RunAsync()
    {
        using var folder = new ScratchFolder();
        Models["trees"] = ServingModels.Trees(1);
        Models["ensemble"] = ServingModels.Ensemble(2);
        Models["second"] = ServingModels.Ensemble(3);
        Models["challenger"] = ServingModels.Ensemble(4);
        Service[] services = [InferenceService.Definition, GatewayService.Definition, new("bench", static _ => { }, Map)];
        using IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = folder.Path,
                Settings = PlatformSettings.Load(ServiceHost.CatalogueOf(services), new SettingsSources()),
                Clock = TimeProvider.System,
                Url = "http://127.0.0.1:0",
            },
            services);
        await host.StartAsync();
        Console.WriteLine(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        while (await Console.In.ReadLineAsync() is not null) await Task.Yield();
        await host.StopAsync();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/echo", (RequestDelegate)EchoAsync).WithMetadata(new OpenToAll());
        routes.MapGet("/bench/usage", ServingUsage.Line);
        routes.MapGet("/bench/assign/{model}", AssignAsync);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        int length = (int)context.Request.ContentLength!;
        byte[] body = ArrayPool<byte>.Shared.Rent(length);
        await context.Request.Body.ReadExactlyAsync(body.AsMemory(0, length));
        context.Response.ContentLength = length;
        await context.Response.BodyWriter.WriteAsync(body.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(body);
    }

    private static async Task<string> AssignAsync(string model, double share, EmbeddedTransport transport)
    {
        ModelPackage package = Models[model];
        long started = Stopwatch.GetTimestamp();
        await transport.PublishAsync(
            Topics.ModelAssigned, new ModelAssigned { Model = package.Ref, Package = package.Bytes, Why = "benchmark", Share = share });
        await transport.UntilIdleAsync();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds.ToString("R", CultureInfo.InvariantCulture);
    }
}
