using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>Tells a Redis what to do, as one types it.</summary>
internal static class RedisAdmin
{
    /// <summary>Sends commands that answer OK, in turn.</summary>
    internal static async Task TellAsync(this ServerProcess redis, params string[] commands)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, redis.Port);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        foreach (string command in commands)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
            Assert.That(await reader.ReadLineAsync(), Is.EqualTo("+OK"), command);
        }
    }
}
