using System.ComponentModel;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Hosting.Notifications;

/// <summary>Who is told of what happens.</summary>
[SettingsSection("notifications")]
public sealed record NotificationSettings
{
    /// <summary>Where notifications are posted.</summary>
    [Secret]
    [Description("Address that nights, daily summaries and drift are posted to as JSON; empty for none. They always go to notifications.jsonl in the data directory.")]
    public string Webhook { get; init; } = "";

    /// <summary>The address; null for none.</summary>
    /// <exception cref="SettingsException">It is no http or https address.</exception>
    public Uri? Address() =>
        Webhook.Length == 0 ? null
        : Uri.TryCreate(Webhook, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address
        : throw new SettingsException([new("notifications.webhook", "is not an absolute http or https address")]);
}
