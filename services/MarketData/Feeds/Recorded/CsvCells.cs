namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>Splits one line of comma-separated values; a cell may be quoted, a row never spans lines.</summary>
internal static class CsvCells
{
    /// <summary>
    /// Fills <paramref name="cells"/> with the cells of <paramref name="line"/>, without quotes and blanks around them, and returns how many there
    /// are; more than fit is <c>cells.Length + 1</c>.
    /// </summary>
    public static int Split(ReadOnlySpan<byte> line, Span<Range> cells)
    {
        int count = 0, at = 0;
        while (count < cells.Length)
        {
            int end = CellEnd(line, at);
            cells[count++] = Inner(line, at, end);
            if (end == line.Length) return count;
            at = end + 1;
        }
        return cells.Length + 1;
    }

    private static int CellEnd(ReadOnlySpan<byte> line, int start)
    {
        int from = start;
        if (start < line.Length && line[start] == '"')
        {
            int closing = line[(start + 1)..].IndexOf("\","u8);
            if (closing < 0) return line.Length;
            from = start + closing + 2;
        }
        int comma = line[from..].IndexOf((byte)',');
        return comma < 0 ? line.Length : from + comma;
    }

    private static Range Inner(ReadOnlySpan<byte> line, int start, int end)
    {
        while (start < end && line[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && line[end - 1] is (byte)' ' or (byte)'\t') end--;
        bool quoted = end - start >= 2 && line[start] == '"' && line[end - 1] == '"';
        return quoted ? (start + 1)..(end - 1) : start..end;
    }
}
