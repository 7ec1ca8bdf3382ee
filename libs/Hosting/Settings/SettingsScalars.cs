using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;

namespace QuadTurbo.Hosting.Settings;

/// <summary>The single values that a setting may have, and how each is read and shown.</summary>
internal static class SettingsScalars
{
    private static readonly Type[] Numbers = [typeof(int), typeof(long), typeof(double), typeof(float), typeof(decimal)];

    public static bool Is(Type type)
    {
        type = Plain(type);
        return type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(TimeSpan) || Numbers.Contains(type);
    }

    /// <summary>What a value of this type must be, in words.</summary>
    public static string Describe(Type type)
    {
        type = Plain(type);
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type).Select(Spell));
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(TimeSpan))
            return "a duration such as 250ms, 5s, 15min, 1h or hh:mm:ss";
        if (type == typeof(int) || type == typeof(long))
            return "a whole number";
        return type == typeof(string) ? "a text" : "a number";
    }

    /// <summary>Reads the text, or null if it is no value of the type.</summary>
    public static object? Read(Type type, string text)
    {
        type = Plain(type);
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
            return text;
        text = text.Trim();
        if (type == typeof(bool))
            return text.ToUpperInvariant() switch { "TRUE" => true, "FALSE" => false, _ => null };
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int i) ? i : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out long l) ? l : null;
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, culture, out double d) && double.IsFinite(d) ? d : null;
        if (type == typeof(float))
            return float.TryParse(text, NumberStyles.Float, culture, out float f) && float.IsFinite(f) ? f : null;
        if (type == typeof(decimal))
            return decimal.TryParse(text, NumberStyles.Float, culture, out decimal m) ? m : null;
        if (type == typeof(TimeSpan))
            return Duration.TryParse(text, out TimeSpan t) ? t : null;
        return ReadEnum(type, text);
    }

    public static string Show(object? value) => value switch
    {
        null => "(none)",
        bool b => b ? "true" : "false",
        TimeSpan t => Duration.Format(t),
        Enum e => Spell(e.ToString()),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static object? ReadEnum(Type type, string text)
    {
        string wanted = Squash(text);
        string? name = Enum.GetNames(type).FirstOrDefault(n => Squash(n) == wanted);
        return name is null ? null : Enum.Parse(type, name);
    }

    private static string Spell(string enumName) => JsonNamingPolicy.KebabCaseLower.ConvertName(enumName);

    private static string Squash(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}

/// <summary>The values that a setting may take; an end of the type's own range counts as no limit.</summary>
internal sealed record SettingRange(IComparable? Min, IComparable? Max, bool AboveMin, bool BelowMax)
{
    /// <exception cref="InvalidOperationException">A bound is no value of the type.</exception>
    public static SettingRange? From(RangeAttribute? range, Type type)
    {
        if (range is null)
            return null;
        type = SettingsScalars.Plain(type);
        return new SettingRange(Bound(range.Minimum, type), Bound(range.Maximum, type), range.MinimumIsExclusive, range.MaximumIsExclusive);
    }

    public bool Contains(object value)
    {
        int low = Min?.CompareTo(value) ?? -1;
        int high = Max?.CompareTo(value) ?? 1;
        return (AboveMin ? low < 0 : low <= 0) && (BelowMax ? high > 0 : high >= 0);
    }

    /// <summary>The limits as the end of "it must be".</summary>
    public override string ToString() => (Min, Max) switch
    {
        (null, null) => "any value",
        (_, null) => $"{(AboveMin ? "above" : "at least")} {SettingsScalars.Show(Min)}",
        (null, _) => $"{(BelowMax ? "below" : "at most")} {SettingsScalars.Show(Max)}",
        _ when !AboveMin && !BelowMax => $"from {SettingsScalars.Show(Min)} to {SettingsScalars.Show(Max)}",
        _ => $"{(AboveMin ? "above" : "at least")} {SettingsScalars.Show(Min)} and {(BelowMax ? "below" : "at most")} {SettingsScalars.Show(Max)}",
    };

    private static IComparable? Bound(object bound, Type type)
    {
        if (bound is double.MaxValue or double.MinValue or double.PositiveInfinity or double.NegativeInfinity or int.MaxValue or int.MinValue)
            return null;
        string text = Convert.ToString(bound, CultureInfo.InvariantCulture)!;
        return SettingsScalars.Read(type, text) as IComparable
            ?? throw new InvalidOperationException($"the range bound '{text}' is not {SettingsScalars.Describe(type)}");
    }
}
