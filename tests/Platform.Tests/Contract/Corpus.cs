namespace QuadTurbo.Platform.Tests.Contract;

/// <summary>500 strings that have done harm elsewhere: into SQL, logs, terminals, pages, paths, templates and shells .</summary>
internal static class Corpus
{
    private static readonly string[] Seeds =
    [
        "' OR '1'='1", "'; DROP TABLE decisions; --", "1; SELECT * FROM sqlite_master", "\" UNION SELECT null,null--", "%' ESCAPE '\\",
        "a\r\nSet-Cookie: stolen=1", "a\n{\"level\":\"info\",\"message\":\"forged\"}", "a\rb", "x\u2028y\u2029z", "\u0085next",
        "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007", "\u009b31m", "a\bb\bc", "\u0000", "before\u0000after",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "javascript:alert(1)", "<!--#exec cmd=\"id\"-->",
        "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/shadow", "file:///etc/passwd", "C:\\boot.ini", "....//....//etc/passwd", "%2e%2e%2fetc%2fpasswd",
        "{{7*7}}", "${jndi:ldap://127.0.0.1/a}", "#{7*7}", "<%= 7*7 %>", "{0}{1}{2}", "%s%s%s%n",
        "\u202etxt.exe", "\u2066a\u2069", "\ufeffbom", "\ud83d\ude80", "é\u0301\u0301\u0301", "ﷺﷺﷺ",
        "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "|id", "$(id)", "`id`", "&& id",
        "http://169.254.169.254/latest", "http://127.0.0.1:22", "gopher://x", "null", "NaN", "-1", "1e309", "true", "[]", "{}", "undefined", "",
    ];

    private static readonly Func<string, string>[] Dressed =
    [
        static s => s, static s => " " + s, static s => s + " ", static s => s + s, static s => s.ToUpperInvariant(), static s => "v0.1.0" + s, static s => s + "v0.1.0",
        static s => "\"" + s + "\"", static s => s.PadRight(300, 'A'), static s => s.PadRight(5_000, '\u00e9'),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. (from dress in Dressed from seed in Seeds select dress(seed)).Take(500)];
}
