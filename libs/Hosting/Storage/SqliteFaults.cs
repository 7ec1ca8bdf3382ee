using Microsoft.Data.Sqlite;

namespace QuadTurbo.Hosting.Storage;

/// <summary>What an error of SQLite says of the file and of the disk, however deep in an exception it lies.</summary>
public static class SqliteFaults
{
    /// <summary>SQLITE_CORRUPT: what the file holds contradicts itself.</summary>
    public const int Corrupt = 11;

    private const int InputOutput = 10, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>The file is no database, or a damaged one.</summary>
    public static bool IsDamage(Exception error) => CodeOf(error) is Corrupt or NotADatabase;

    /// <summary>The disk has no room for what was to be written.</summary>
    public static bool IsFull(Exception error) => CodeOf(error) is Full;

    /// <summary>The file, or one beside it, could not be opened, read or written: a full disk, a failed one or missing rights.</summary>
    public static bool IsDisk(Exception error) => CodeOf(error) is InputOutput or CannotOpen;

    /// <summary>SQLite's own words, else those of the innermost cause; a path may be in the latter.</summary>
    public static string Words(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Of(error)?.Message ?? error.GetBaseException().Message;
    }

    private static int? CodeOf(Exception error) => Of(error)?.SqliteErrorCode & 0xff;

    private static SqliteException? Of(Exception? error)
    {
        while (error is not null and not SqliteException) error = error.InnerException;
        return error as SqliteException;
    }
}
