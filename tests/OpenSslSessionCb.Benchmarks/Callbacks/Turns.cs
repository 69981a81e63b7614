namespace OpenSslSessionCb.Benchmarks;

/// <summary>One contender's turns, and what they have cost.</summary>
internal sealed class Turns(Contender contender)
{
    internal Contender Contender => contender;

    /// <summary>The server's time, for each connection.</summary>
    internal List<double> Microseconds { get; } = [];

    /// <summary>CPU of the whole process for a connection, for each turn: with what other threads did because of it.</summary>
    internal List<double> ProcessMicroseconds { get; } = [];

    /// <summary>Makes a slice of connections, and returns the server's times.</summary>
    internal double[] Take()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ReadOnlySpan<ulong> nanoseconds = contender.Connect();
        contender.Rest();
        ProcessMicroseconds.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / nanoseconds.Length);

        double[] microseconds = Array.ConvertAll(nanoseconds.ToArray(), static ns => ns / 1e3);
        Microseconds.AddRange(microseconds);
        return microseconds;
    }
}
