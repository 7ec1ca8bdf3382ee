using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Platform.Tests.Paths;

namespace QuadTurbo.Platform.Tests.Architecture;

public sealed partial class CompositionTests
{
    [Fact]
    public void The_table_of_contents_lists_every_service_once()
    {
        string[] listed = [.. Listed().Matches(File.ReadAllText(Path.Combine(Sources.Root, "services/Platform/Program.cs"))).Select(m => m.Groups[1].Value)];
        Service[] defined = [.. listed.Select(DefinitionOf)];

        Assert.Equal(Sources.NamesIn("services").Where(s => s != "Platform").Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(TheHouse.Services, defined);
        Assert.Equal(defined.Length, defined.Select(s => s.Name).Distinct().Count());
        Assert.All(listed.Zip(defined), pair => Assert.Equal(Kebab(pair.First), pair.Second.Name));
    }

    [Theory]
    [InlineData(Schedule.Lockstep)]
    [InlineData(Schedule.Concurrent)]
    public async Task All_services_live_in_one_container_and_serve(Schedule schedule)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("composition");
        try
        {
            var plan = new PlatformRunPlan
            {
                Schedule = schedule,
                DataDirectory = folder.FullName,
                Settings = SharedOptions.Load(TheHouse.Services, "safety", null, ["feed.instants=20", "feed.symbols=1"]),
                Url = "http://127.0.0.1:0",
            };
            await using PlatformRun run = PlatformRun.Create(plan, TheHouse.Services);
            await run.StartAsync();
            await run.Pump.Completion;
            string address = run.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            using var client = new HttpClient { BaseAddress = new Uri(address) };

            foreach (string page in new[] { "/healthz", "/readyz", "/health", "/metrics", "/api/account", "/api/training" })
                Assert.True((await client.GetAsync(page)).IsSuccessStatusCode, $"{page}: {await client.GetStringAsync(page)}");

            await run.StopAsync();
            Assert.Equal(0, run.Auditor.Read(a => a.Conservation.Missing));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Service DefinitionOf(string service) =>
        (Service)Assembly.Load($"QuadTurbo.{service}").GetType($"QuadTurbo.{service}.{service}Service", throwOnError: true)!
            .GetProperty("Definition", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    private static string Kebab(string name) => Capital().Replace(name, "-$1").ToLowerInvariant();

    [GeneratedRegex(@"^\s*(\w+)Service\.Definition", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Capital();
}
