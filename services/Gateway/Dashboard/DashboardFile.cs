using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace QuadTurbo.Gateway.Dashboard;

/// <summary>One file of the dashboard, as its build compressed it.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Brotli">Its bytes by Brotli.</param>
/// <param name="Gzip">Its bytes by gzip.</param>
/// <param name="Hash">SHA-256 of the gzip bytes, lower-case hex, shortened.</param>
internal sealed record DashboardFile(string ContentType, byte[] Brotli, byte[] Gzip, string Hash)
{
    private const string Folder = "dashboard/", BrotliEnd = ".br", GzipEnd = ".gz";
    private const int HashDigits = 24;

    /// <summary>The files of this assembly by their path below <c>/ui/</c>; none when it was built without the dashboard.</summary>
    public static FrozenDictionary<string, DashboardFile> ReadAll()
    {
        Assembly assembly = typeof(DashboardFile).Assembly;
        var types = new FileExtensionContentTypeProvider();
        return assembly.GetManifestResourceNames()
            .Where(static n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(GzipEnd, StringComparison.Ordinal))
            .Select(static n => n[Folder.Length..^GzipEnd.Length])
            .ToFrozenDictionary(static path => path, path => Read(assembly, types, path), StringComparer.Ordinal);
    }

    private static DashboardFile Read(Assembly assembly, FileExtensionContentTypeProvider types, string path)
    {
        byte[] gzip = Bytes(assembly, Folder + path + GzipEnd);
        string type = types.TryGetContentType(path, out string? known) ? known : "application/octet-stream";
        if (type.StartsWith("text/", StringComparison.Ordinal)) type += "; charset=utf-8";
        return new DashboardFile(type, Bytes(assembly, Folder + path + BrotliEnd), gzip, Convert.ToHexStringLower(SHA256.HashData(gzip))[..HashDigits]);
    }

    private static byte[] Bytes(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the dashboard's build left no {name}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
