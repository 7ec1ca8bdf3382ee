using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Production.Account;

namespace QuadTurbo.Platform;

/// <summary>What a process may do (C11): a learner cannot trade, a trader cannot train, because the service is not there.</summary>
internal static class Roles
{
    private static readonly Dictionary<string, Role> ByName = new(StringComparer.Ordinal)
    {
        ["all-in-one"] = Role.AllInOne,
        ["learner"] = Role.Learner,
        ["trader"] = Role.Trader,
    };

    /// <summary>The role by its name; null is all-in-one.</summary>
    /// <exception cref="BadInputException">There is no such role.</exception>
    public static Role Parse(string? name) =>
        name is null ? Role.AllInOne
        : ByName.TryGetValue(name, out Role role) ? role
        : throw new BadInputException($"--role '{name}' is not one of {string.Join(", ", ByName.Keys)}; the nearest is '{Nearest.To(name, ByName.Keys) ?? "all-in-one"}'");

    /// <summary>The services of <paramref name="role"/>.</summary>
    public static IReadOnlyList<Service> Compose(IReadOnlyList<Service> services, Role role)
    {
        string? without = role switch
        {
            Role.Learner => "production",
            Role.Trader => "training",
            _ => null,
        };
        return [.. services.Where(s => s.Name != without)];
    }

    /// <summary>The lanes that <paramref name="composed"/> can run: a lane whose service is not there owes nothing.</summary>
    public static LaneSettings Restrict(LaneSettings lanes, IReadOnlyList<Service> composed) => lanes with
    {
        EnableProduction = lanes.EnableProduction && composed.Any(s => s.Name == "production"),
        EnableTraining = lanes.EnableTraining && composed.Any(s => s.Name == "training"),
    };
}
