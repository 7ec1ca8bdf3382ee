using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using QuadTurbo.Hosting.Storage;
using Xunit.Abstractions;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class SqliteDatabaseTests(ITestOutputHelper output) : IDisposable
{
    private const string First = "CREATE TABLE trades (id TEXT PRIMARY KEY, profit TEXT NOT NULL, note TEXT);";
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("data/trades.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_fresh_file_has_the_newest_schema_and_the_write_ahead_log()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, First, "ALTER TABLE trades ADD COLUMN venue TEXT;");

        Assert.Equal(2, database.Query<long>("PRAGMA user_version").Single());
        Assert.Equal("wal", database.Query<string>("PRAGMA journal_mode").Single());
        Assert.Equal(["id", "profit", "note", "venue"], database.Query<string>("SELECT name FROM pragma_table_info('trades')"));
        Assert.True(System.Version.Parse(SqliteLibrary.Version) >= new System.Version(3, 35));
    }

    [Theory]
    [InlineData(Durability.Process, 1)]
    [InlineData(Durability.Power, 2)]
    public void Each_durability_has_its_flush_on_every_connection(Durability durability, long synchronous)
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, durability, First);

        for (int i = 0; i < 3; i++)
            Assert.Equal(synchronous, database.Query<long>("PRAGMA synchronous").Single());
    }

    [Fact]
    public void An_older_file_is_migrated_once_and_keeps_its_rows()
    {
        using (SqliteDatabase old = SqliteDatabase.Open(File, Durability.Process, First))
            Add(old, "a", 1.5m);

        const string second = "ALTER TABLE trades ADD COLUMN venue TEXT NOT NULL DEFAULT 'kraken';";
        using (SqliteDatabase.Open(File, Durability.Process, First, second))
        {
        }

        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, First, second);
        Assert.Equal("a 1.5 kraken", database.Query<string>("SELECT id || ' ' || profit || ' ' || venue FROM trades").Single());
    }

    [Fact]
    public void A_file_of_the_newest_schema_opens_without_a_write_and_so_beside_a_writer()
    {
        using SqliteDatabase first = SqliteDatabase.Open(File, Durability.Process, First);
        using SqliteWrite held = first.BeginWrite();

        using SqliteDatabase second = SqliteDatabase.Open(File, Durability.Process, First);

        Assert.Equal(0, second.Query<long>("SELECT COUNT(*) FROM trades").Single());
    }

    [Fact]
    public void A_failing_migration_leaves_the_file_as_it_was()
    {
        using (SqliteDatabase.Open(File, Durability.Process, First))
        {
        }

        IOException error = Assert.Throws<IOException>(() =>
            SqliteDatabase.Open(File, Durability.Process, First, "CREATE TABLE half (x INTEGER); NONSENSE;"));

        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, First);
        Assert.Equal(["trades"], database.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'"));
    }

    [Fact]
    public void A_file_of_a_newer_program_is_refused_with_both_versions()
    {
        using (SqliteDatabase.Open(File, Durability.Process, First, "SELECT 1;"))
        {
        }

        IOException error = Assert.Throws<IOException>(() => SqliteDatabase.Open(File, Durability.Process, First));

        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("up to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_database_or_cannot_be_opened_is_named()
    {
        string text = _folder.Write("text.db", new string('x', 4096));

        Assert.Contains(text, Assert.Throws<IOException>(() => SqliteDatabase.Open(text, Durability.Process, First)).Message, StringComparison.Ordinal);
        Assert.Contains("missing.db", Assert.Throws<IOException>(() => SqliteDatabase.OpenReadOnly(_folder.File("missing.db"))).Message, StringComparison.Ordinal);
        Assert.Contains("/proc/x/y.db", Assert.Throws<IOException>(() => SqliteDatabase.Open("/proc/x/y.db", Durability.Process, First)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_library_names_the_package_that_brings_it()
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => SqliteLibrary.Load("libsqlite-not-there.so.0"));

        Assert.Contains("libsqlite-not-there.so.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libsqlite3-0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_an_uncommitted_write_lasts()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, First);
        using (SqliteWrite write = database.BeginWrite())
        {
            write.Insert("trades", OnConflict.Fail, "id", "profit").Add("lost", 1m);
            Assert.Equal(1, write.Query<long>("SELECT count(*) FROM trades").Single());
            Assert.Equal(0, database.Query<long>("SELECT count(*) FROM trades").Single());
        }

        Add(database, "kept", 2m);
        Assert.Equal(["kept"], database.Query<string>("SELECT id FROM trades"));
    }

    [Theory]
    [InlineData(OnConflict.Ignore, "1")]
    [InlineData(OnConflict.Replace, "2")]
    public void A_known_key_is_kept_or_replaced_as_asked(OnConflict policy, string profit)
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, First);
        Add(database, "a", 1m);

        using (SqliteWrite write = database.BeginWrite())
        {
            using BulkInsert insert = write.Insert("trades", policy, "id", "profit", "note");
            Assert.Equal(policy == OnConflict.Replace, insert.Add("a", 2m, null));
            Assert.True(insert.Add("b", 3m, "new"));
            Assert.Throws<ArgumentException>(() => insert.Add("c", 4m));
            write.Commit();
        }

        Assert.Equal([profit, "3"], database.Query<string>("SELECT CAST(CAST(profit AS REAL) AS INTEGER) FROM trades ORDER BY id"));
        using SqliteWrite second = database.BeginWrite();
        Assert.Equal(19, Assert.Throws<SqliteException>(() => second.Insert("trades", OnConflict.Fail, "id", "profit").Add("a", 1m)).SqliteErrorCode);
    }

    [Theory]
    [InlineData("trades; DROP TABLE trades", "id")]
    [InlineData("trades", "id) VALUES (1); --")]
    [InlineData("trades", "1d")]
    [InlineData("", "id")]
    public void Names_that_are_no_identifiers_are_refused(string table, string column)
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, First);
        using SqliteWrite write = database.BeginWrite();

        Assert.Throws<ArgumentException>(() => write.Insert(table, OnConflict.Fail, column));
    }

    [Fact]
    public void A_reader_beside_the_writer_sees_commits_and_cannot_write()
    {
        using SqliteDatabase writer = SqliteDatabase.Open(File, Durability.Process, First);
        using SqliteDatabase reader = SqliteDatabase.OpenReadOnly(File);
        Add(writer, "a", 1m);

        Assert.Equal(["a"], reader.Query<string>("SELECT id FROM trades"));
        using SqliteConnection connection = reader.Connect();
        Assert.Equal(8, Assert.Throws<SqliteException>(() => connection.Execute("DELETE FROM trades")).SqliteErrorCode);
    }

    [Fact]
    public void Values_come_back_as_they_went_in()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, "CREATE TABLE v (d TEXT, l INTEGER, r REAL, t TEXT, b BLOB);");
        using (SqliteWrite write = database.BeginWrite())
        {
            write.Insert("v", OnConflict.Fail, "d", "l", "r", "t", "b").Add(12345678901234567890.12345678m, long.MinValue, 0.1, "日本\n'", new byte[] { 0, 255 });
            write.Commit();
        }

        (string d, long l, double r, string t, byte[] b) = database.Query<(string, long, double, string, byte[])>("SELECT * FROM v").Single();
        Assert.Equal(12345678901234567890.12345678m, decimal.Parse(d, CultureInfo.InvariantCulture));
        Assert.Equal((long.MinValue, 0.1, "日本\n'"), (l, r, t));
        Assert.Equal([0, 255], b);
    }

    [Fact]
    public void A_hundred_thousand_rows_go_in_within_seconds()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Durability.Process, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL, c REAL, d INTEGER);");
        long start = Stopwatch.GetTimestamp();
        using (SqliteWrite write = database.BeginWrite())
        {
            BulkInsert insert = write.Insert("t", OnConflict.Fail, "id", "a", "b", "c", "d");
            for (int i = 0; i < 100_000; i++)
                insert.Add(i, "shadow", 0.5, 1.5, 7);
            write.Commit();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine($"{100_000 / seconds:N0} rows/s");
        Assert.Equal(100_000, database.Query<long>("SELECT count(*) FROM t").Single());
        Assert.InRange(seconds, 0, 10);
    }

    private static void Add(SqliteDatabase database, string id, decimal profit)
    {
        using SqliteWrite write = database.BeginWrite();
        write.Insert("trades", OnConflict.Fail, "id", "profit").Add(id, profit);
        write.Commit();
    }
}
