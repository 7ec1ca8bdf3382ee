using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Tables;

/// <summary>A table of numbers from a CSV file with a header, plain or gzipped; a cell that is empty is missing.</summary>
/// <remarks>Missing is NaN; so are the spellings NaN, NA and null. <c>true</c> and <c>false</c> are 1 and 0.</remarks>
internal sealed class CsvTable
{
    private const long MostCells = 200_000_000;
    private readonly List<double>[] _columns;

    private CsvTable(string file, IReadOnlyList<string> names)
    {
        File = file;
        Names = names;
        _columns = [.. names.Select(_ => new List<double>())];
    }

    /// <summary>The file as it was named.</summary>
    public string File { get; }

    /// <summary>Names of the columns, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Rows below the header.</summary>
    public int Rows => _columns[0].Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">CSV or CSV.gz.</param>
    /// <param name="ignore">Columns that are left out, whatever they hold.</param>
    /// <param name="mayLack">Whether a column to leave out may be missing.</param>
    /// <exception cref="BadInputException">It is not there, is empty, has a column twice, a row of another length, or a cell that is no number.</exception>
    public static CsvTable Read(string path, IReadOnlyCollection<string>? ignore = null, bool mayLack = false)
    {
        try
        {
            using Stream file = System.IO.File.OpenRead(path);
            using Stream plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using CsvReader csv = CsvReader.Create(plain, new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true }, leaveOpen: true);
            return Read(path, csv, ignore ?? [], mayLack);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new BadInputException($"'{path}' cannot be read: {e.Message}");
        }
    }

    /// <summary>The cells of one column: [Rows].</summary>
    /// <exception cref="BadInputException">There is no such column; the nearest name is given.</exception>
    public double[] Column(string name) => [.. _columns[IndexOf(name)]];

    /// <summary>True when there is such a column.</summary>
    public bool Has(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>Some rows of some columns as float32: [rows, names], row-major.</summary>
    public float[] ToRows(IReadOnlyList<string> names, int[] rows)
    {
        int[] columns = [.. names.Select(IndexOf)];
        var picked = new float[(long)rows.Length * columns.Length];
        for (int c = 0; c < columns.Length; c++)
        {
            List<double> cells = _columns[columns[c]];
            for (int r = 0; r < rows.Length; r++) picked[r * columns.Length + c] = (float)cells[rows[r]];
        }
        return picked;
    }

    private static CsvTable Read(string path, CsvReader csv, IReadOnlyCollection<string> ignore, bool mayLack)
    {
        if (!csv.Read()) throw new BadInputException($"'{path}' is empty; it needs a header and rows");
        string[] names = [.. Enumerable.Range(0, csv.FieldCount).Select(c => csv.GetString(c).Trim())];
        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new BadInputException($"'{path}' has column '{twice.Key}' {twice.Count()} times");
        if (!mayLack && ignore.FirstOrDefault(i => !names.Contains(i, StringComparer.Ordinal)) is { } unknown)
            throw new BadInputException($"--ignore '{unknown}': '{path}' has no such column{(Hosting.Settings.Nearest.To(unknown, names) is { } near ? $"; did you mean '{near}'?" : "")}");
        int[] kept = [.. Enumerable.Range(0, names.Length).Where(c => !ignore.Contains(names[c]))];
        if (kept.Length == 0) throw new BadInputException($"'{path}' has no column that is not ignored");
        var table = new CsvTable(path, [.. kept.Select(c => names[c])]);
        while (csv.Read())
        {
            if (csv.FieldCount != names.Length) throw new BadInputException($"'{path}' line {csv.LineNumber}: {csv.FieldCount} cells, the header has {names.Length}");
            for (int c = 0; c < kept.Length; c++)
            {
                if (!TryNumber(csv.GetSpan(kept[c]), out double value)) throw new BadInputException(Text(path, csv, names, kept, c));
                table._columns[c].Add(value);
            }
            if ((long)table.Rows * kept.Length > MostCells) throw new BadInputException($"'{path}' has more than {MostCells:N0} cells");
        }
        return table.Rows > 0 ? table : throw new BadInputException($"'{path}' has a header and no rows");
    }

    private static bool TryNumber(ReadOnlySpan<byte> cell, out double value)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        string text = Encoding.UTF8.GetString(cell).Trim();
        value = double.NaN;
        if (text.Length == 0 || text.Equals("na", StringComparison.OrdinalIgnoreCase) || text.Equals("null", StringComparison.OrdinalIgnoreCase)) return true;
        if (!bool.TryParse(text, out bool truth)) return false;
        value = truth ? 1 : 0;
        return true;
    }

    // The message names every column of the row that holds text, so that they can be left out at once.
    private static string Text(string path, CsvReader csv, string[] names, int[] kept, int bad)
    {
        string[] texts = [.. kept.Where(c => !TryNumber(csv.GetSpan(c), out _)).Select(c => names[c])];
        string cell = csv.GetString(kept[bad]).Trim();
        return $"'{path}' line {csv.LineNumber}, column '{names[kept[bad]]}': '{(cell.Length > 40 ? cell[..40] + "..." : cell)}' is not a number; leave text out with --ignore {string.Join(' ', texts)}";
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < Names.Count; i++)
            if (Names[i] == name) return i;
        string? nearest = Hosting.Settings.Nearest.To(name, Names);
        throw new BadInputException($"'{File}' has no column '{name}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")} It has: {string.Join(", ", Names.Take(40))}");
    }
}
