using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;

namespace QuadTurbo.Registry;

/// <summary>Which model serves, and why.</summary>
public static class RegistryService
{
    /// <summary>Hears model.trained; says model.assigned.</summary>
    public static Service Definition { get; } = new("registry", Add, Map);

    private static void Add(IHostApplicationBuilder builder)
    {
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
    }
}
