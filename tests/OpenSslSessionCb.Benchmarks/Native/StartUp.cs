using System.Diagnostics;
using System.Globalization;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Programs that never speak TLS, with the library preloaded and a store named, and without.</summary>
internal static class StartUp
{
    private const int MemorySamples = 9;

    internal static IReadOnlyList<StartUpResult> Run(NativeFiles files, int runs) =>
    [
        Of("without libssl (/bin/true, /bin/cat)", files, runs, "/bin/true", ["/bin/cat"]),
        Of("linked to libssl", files, runs, files.Linked, [files.Linked, "wait"]),
    ];

    private static StartUpResult Of(string name, NativeFiles files, int runs, string program, string[] waiting)
    {
        double[][] times = [.. Machine.Run(Machine.OnClients(files.StartUp, $"{runs}", NativeFiles.Preload, program))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line =>
                line.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture) / 1e3).ToArray())];
        double[] extra = [.. times.Select(static pair => pair[1] - pair[0])];
        (ProcessMemory Without, ProcessMemory With)[] memory =
        [
            .. Enumerable.Range(0, MemorySamples).Select(_ => (MemoryOf(waiting, preload: false), MemoryOf(waiting, preload: true))),
        ];
        return new StartUpResult(
            name,
            Math.Round(times.Select(static pair => pair[0]).Median(), 1),
            Math.Round(extra.Median(), 1),
            Math.Round(extra.MedianMargin(), 1),
            1000,
            memory.Select(static pair => pair.Without.PrivateKb).Median(),
            memory.Select(static pair => pair.With.PrivateKb - pair.Without.PrivateKb).Median(),
            memory.Select(static pair => pair.With.PssKb - pair.Without.PssKb).Median(),
            memory.Select(static pair => pair.With.RssKb - pair.Without.RssKb).Median(),
            1024);
    }

    /// <summary>Of a program that reads its input to the end and has nothing more to do, once it has begun to.</summary>
    private static ProcessMemory MemoryOf(string[] command, bool preload)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (preload)
        {
            start.Environment["LD_PRELOAD"] = NativeFiles.Preload;
            start.Environment["OSSCB_STORE"] = "memory";
        }

        using Process process = Process.Start(start)!;
        try
        {
            // cat says the line back, the other program says one of its own.
            process.StandardInput.WriteLine("hello");
            process.StandardInput.Flush();
            _ = process.StandardOutput.ReadLine();
            return ProcessMemory.Of(process.Id);
        }
        finally
        {
            process.StandardInput.Close();
            process.WaitForExit();
        }
    }
}
