using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Transport;

namespace QuadTurbo.Hosting;

/// <summary>One service of the platform: its name is its app-id, its route prefix and its meter.</summary>
/// <param name="Name">Kebab-case name, for example <c>pre-validator</c>.</param>
/// <param name="Add">Registers what it is made of and what it hears.</param>
/// <param name="Map">Maps what it serves.</param>
public sealed record Service(string Name, Action<IHostApplicationBuilder> Add, Action<IEndpointRouteBuilder> Map)
{
    /// <summary>The option records that this service reads, for the catalogue of settings.</summary>
    public IReadOnlyList<Type> Settings { get; init; } = [];

    /// <summary>Whether everybody may reach what it maps where it is a process of its own; else only other services do, through their sidecars.</summary>
    public bool IsPublic { get; init; }

    /// <summary>How it finds its way back after a restart where it is a process of its own.</summary>
    public Recovery Recovery { get; init; } = Recovery.Own;

    /// <summary>What every request passes before it is served, whichever service serves it; null for nothing.</summary>
    public Action<IApplicationBuilder>? Guard { get; init; }
}
