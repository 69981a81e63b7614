using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Probe;

/// <summary>Which libssl a process binds. No call here reaches libosr, which would choose one.</summary>
internal static class LibraryChoice
{
    public static int Find()
    {
        Console.WriteLine(OpenSslLibrary.TryLoad(out string? problem)
            ? $"{OpenSslLibrary.Version}|{OpenSslLibrary.VersionText}|{OpenSslLibrary.Path}"
            : problem);
        return 0;
    }

    public static int Use(string path)
    {
        try
        {
            OpenSslLibrary.Use(path);
            return Find();
        }
        catch (Exception exception)
        {
            return Say(exception);
        }
    }

    public static int FindSslStreams()
    {
        OpenSslLibrary.UseSslStreamLibrary();
        return Find();
    }

    public static int FindBeside(string path)
    {
        NativeLibrary.Load(path);
        return Find();
    }

    public static int FirstCallIsAttach()
    {
        try
        {
            SessionCallbacks.Attach(1, new Nobody());
            return 1;
        }
        catch (Exception exception)
        {
            return Say(exception);
        }
    }

    public static int FirstCallIsDecode()
    {
        try
        {
            SslSession.FromBytes([1]);
            return 1;
        }
        catch (Exception exception)
        {
            return Say(exception);
        }
    }

    private static int Say(Exception exception)
    {
        Console.WriteLine($"{exception.GetType().Name}|{exception.Message}");
        return 0;
    }

    private sealed class Nobody : ISessionHandler
    {
        public void OnNew(SslRef ssl, SslSessionRef session)
        {
        }

        public SessionReply OnGet(SslRef ssl, SslSessionId id) => SessionReply.NotFound;

        public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
        {
        }
    }
}
