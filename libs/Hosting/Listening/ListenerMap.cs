using System.Net;
using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Where a process listens: its own addresses and, beside each, the compat ports (C12).</summary>
public sealed class ListenerMap
{
    private ListenerMap(IReadOnlyList<string> urls, IReadOnlyList<int> compatPorts, bool loopbackOnly)
    {
        Urls = urls;
        CompatPorts = compatPorts;
        IsLoopbackOnly = loopbackOnly;
    }

    /// <summary>Every address to listen at.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>The ports that were added to the process's own.</summary>
    public IReadOnlyList<int> CompatPorts { get; }

    /// <summary>True when only programs of this machine can reach it.</summary>
    public bool IsLoopbackOnly { get; }

    /// <summary>The map of <paramref name="urls"/>, separated by ';', with <paramref name="compatPorts"/> on the same addresses.</summary>
    /// <exception cref="FormatException">An address is not one.</exception>
    public static ListenerMap Of(string urls, IReadOnlyList<int> compatPorts)
    {
        ArgumentNullException.ThrowIfNull(urls);
        BindingAddress[] own = [.. urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(BindingAddress.Parse)];
        int[] added = [.. compatPorts.Distinct().Where(port => own.All(address => address.Port != port))];
        IEnumerable<string> extra = own.Select(a => (a.Scheme, a.Host)).Distinct().SelectMany(a => added.Select(port => $"{a.Scheme}://{a.Host}:{port}"));
        return new ListenerMap([.. own.Select(a => a.ToString()), .. extra], added, own.All(a => IsLoopback(a.Host)));
    }

    // Kestrel takes a name that is neither an address nor localhost for "any address".
    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
