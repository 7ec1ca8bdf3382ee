using System.Net;
using System.Net.Sockets;

namespace QuadTurbo.Sidecar;

/// <summary>Ports of the loopback address for who needs to know one before it is listened at.</summary>
/// <remarks>They lie below those that the system gives to who asks for any: nobody takes one by chance between its choice and its use.</remarks>
public static class LoopbackPorts
{
    private const int First = 15_000, Count = 15_000;
    private static int next = Environment.ProcessId * 37 % Count;

    /// <summary>A port that is free now.</summary>
    /// <exception cref="IOException">None is.</exception>
    public static int Take()
    {
        for (int i = 0; i < Count; i++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref next) % Count);
            if (IsFree(port)) return port;
        }
        throw new IOException($"no port from {First} to {First + Count - 1} is free");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
