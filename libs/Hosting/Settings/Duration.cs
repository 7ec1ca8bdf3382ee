using System.Globalization;

namespace QuadTurbo.Hosting.Settings;

/// <summary>Durations as people write them: <c>250ms</c>, <c>5s</c>, <c>15min</c>, <c>1h</c>, <c>2d</c>, <c>50us</c>, or <c>hh:mm:ss</c>.</summary>
public static class Duration
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("min", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("us", TimeSpan.TicksPerMicrosecond),
    ];

    /// <summary>Reads a duration; false for anything else, a number without a unit included.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);
        string number = text.TrimEnd("abcdefghijklmnopqrstuvwxyz".ToCharArray());
        string suffix = text[number.Length..];
        number = number.TrimEnd();
        long ticks = Array.Find(Units, unit => unit.Suffix == suffix).Ticks;
        if (ticks == 0 || !decimal.TryParse(number, Plain, CultureInfo.InvariantCulture, out decimal count) || decimal.Abs(count) > (decimal)long.MaxValue / ticks)
            return false;
        duration = new TimeSpan((long)decimal.Round(count * ticks));
        return true;
    }

    /// <summary>The duration in the largest unit that divides it; <see cref="TryParse"/> reads it back exactly.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        foreach ((string suffix, long ticks) in Units)
        {
            if (duration.Ticks % ticks == 0)
                return (duration.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + suffix;
        }

        return duration.ToString("c", CultureInfo.InvariantCulture);
    }
}
