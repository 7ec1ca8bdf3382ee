using System.Diagnostics;

namespace QuadTurbo.Platform.Tests.Faults;

/// <summary>A disk of a few megabytes in a mount namespace of its own: gone with this process, whatever happens.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _mountPoint = new();
    private readonly Process _holder;

    private SmallDisk(int megabytes)
    {
        // The holder ends when its input does, and the namespace with it.
        string script = $"mount -t tmpfs -o size={megabytes}m tmpfs '{_mountPoint.Path}' && echo mounted && exec cat";
        _holder = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Its folder, as processes in its namespace see it.</summary>
    public string Path => _mountPoint.Path;

    /// <summary>Its folder, as this process sees it.</summary>
    public string FromHere => $"/proc/{_holder.Id}/root{_mountPoint.Path}";

    /// <summary>Runs a command in its namespace.</summary>
    public string[] Within => ["nsenter", "--target", _holder.Id.ToString(), "--mount"];

    private string Filler => System.IO.Path.Combine(FromHere, "filler");

    /// <summary>A disk; null, with the reason, where this user may not mount one.</summary>
    public static SmallDisk? Mount(int megabytes, Action<string> say)
    {
        if (!OperatingSystem.IsLinux())
        {
            say("not shown: a small disk is mounted on Linux only");
            return null;
        }
        var disk = new SmallDisk(megabytes);
        if (disk._holder.StandardOutput.ReadLine() == "mounted") return disk;
        say($"not shown: this user may not mount a small disk: {disk._holder.StandardError.ReadToEnd().Trim()}");
        disk.Dispose();
        return null;
    }

    /// <summary>Takes every byte that is free.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        filler.Position = filler.Length;
        byte[] block = new byte[64 * 1024];
        for (int size = block.Length; size > 0;)
        {
            try
            {
                filler.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives it all back.</summary>
    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
        _mountPoint.Dispose();
    }
}
