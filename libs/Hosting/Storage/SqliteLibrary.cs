using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace QuadTurbo.Hosting.Storage;

/// <summary>Binds SQLite to the library of the system: <c>libsqlite3.so.0</c>, <c>libsqlite3.dylib</c> or <c>winsqlite3.dll</c>.</summary>
public static class SqliteLibrary
{
    private static readonly Lazy<bool> Bound = new(BindOnce);

    /// <summary>The version of the bound library, such as <c>3.40.1</c>.</summary>
    /// <exception cref="DllNotFoundException">The system has no SQLite library.</exception>
    public static string Version
    {
        get
        {
            Bind();
            return raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>After the call every connection of this process uses the library of the system.</summary>
    /// <exception cref="DllNotFoundException">The system has no SQLite library; the message names the package that brings it.</exception>
    public static void Bind() => _ = Bound.Value;

    /// <summary>Loads the first of the <paramref name="candidates"/> that the system has.</summary>
    /// <exception cref="DllNotFoundException">It has none of them; the message names the package that brings it.</exception>
    public static nint Load(params ReadOnlySpan<string> candidates)
    {
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out nint handle))
                return handle;
        }

        throw new DllNotFoundException(
            $"the SQLite library is not installed (looked for {string.Join(", ", candidates.ToArray())}); on Debian or Ubuntu: apt-get install libsqlite3-0");
    }

    private static bool BindOnce()
    {
        nint library = Load("libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib", "winsqlite3.dll");
        Assembly provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == "e_sqlite3" ? library : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }
}
