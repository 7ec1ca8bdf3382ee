using System.Buffers.Text;
using System.Text;

namespace QuadTurbo.Benchmarks;

/// <summary>Where an answer of HTTP/1.1 ends, and whether it is 200: all that a client of a benchmark reads of it.</summary>
internal static class HttpAnswer
{
    /// <summary>Bytes of the first answer in <paramref name="bytes"/>, with its body; 0 while its headers are not all there.</summary>
    /// <exception cref="IOException">It does not say how long its body is.</exception>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        ReadOnlySpan<byte> headers = bytes[..end];
        int name = headers.IndexOf("Content-Length: "u8);
        if (name < 0 || !Utf8Parser.TryParse(headers[(name + 16)..], out int body, out _))
            throw new IOException($"an answer without Content-Length: {FirstLine(headers)}");
        return end + 4 + body;
    }

    /// <summary>Whether its status is 200.</summary>
    public static bool IsOk(ReadOnlySpan<byte> answer) => answer.StartsWith("HTTP/1.1 200"u8);

    /// <summary>Its first line and the beginning of its body, for people.</summary>
    public static string Shown(ReadOnlySpan<byte> answer)
    {
        ReadOnlySpan<byte> body = answer[(answer.IndexOf("\r\n\r\n"u8) + 4)..];
        return $"{FirstLine(answer)}: {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)])}";
    }

    private static string FirstLine(ReadOnlySpan<byte> answer) => Encoding.UTF8.GetString(answer[..Math.Max(0, answer.IndexOf((byte)'\r'))]);
}
