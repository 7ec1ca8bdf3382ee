using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Gateway.Security;

/// <summary>Who may change state by HTTP, and how often.</summary>
[SettingsSection("api")]
public sealed record ApiSettings
{
    /// <summary>One more key, beside those of <c>keys create</c>.</summary>
    [Secret]
    [Description("An API key that is accepted beside those of 'keys create'; give it by environment (QUADTURBO_API__KEY) or settings file. Empty for none.")]
    public string Key { get; init; } = "";

    /// <summary>How many requests that change state one client may send to one route in a second.</summary>
    [Description("Most requests that change state from one client to one route in a second; more are answered 429.")]
    [Range(1, 10_000)]
    public int CommandsPerSecond { get; init; } = 100;

    /// <summary>How many wrong keys one client may try in a minute.</summary>
    [Description("Most wrong keys from one client in a minute; further ones are answered 429, and only keys of 'keys create' are still looked at.")]
    [Range(1, 1_000_000)]
    public int WrongKeysPerMinute { get; init; } = 10;

    /// <summary>Names under which others reach the process.</summary>
    [Description("Names, separated by commas, under which requests may reach the process, as a proxy's; loopback addresses and localhost always may where nothing else can.")]
    public string Hosts { get; init; } = "";
}
