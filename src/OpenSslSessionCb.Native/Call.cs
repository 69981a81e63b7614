using OpenSslSessionCb.Setup;

namespace OpenSslSessionCb.Native;

/// <summary>The border of every exported function: an exception becomes a status and a sentence.</summary>
internal static class Call
{
    internal static Status Run<T>(T arguments, Action<T> body)
    {
        try
        {
            LastError.Clear();
            CallbackGuards.Start();
            using ErrorMark mark = ErrorMark.Set();
            body(arguments);
            return Status.Ok;
        }
        catch (NativeCallException exception)
        {
            return LastError.Set(exception.Status, exception.Message);
        }
        catch (SetupException exception)
        {
            return LastError.Set(exception.IsAboutKeys ? Status.KeyFile : Status.Argument, exception.Message);
        }
        catch (SessionStoreException exception)
        {
            return LastError.Set(Status.Store, exception.Message);
        }
        catch (SessionKeyRingException exception)
        {
            return LastError.Set(Status.KeyFile, exception.Message);
        }
        catch (OpenSslNotSupportedException exception)
        {
            return LastError.Set(Status.OpenSsl, exception.Message);
        }
        catch (ArgumentException exception)
        {
            return LastError.Set(Status.Argument, exception.Message);
        }
        catch (Exception exception)
        {
            Exception cause = exception.GetBaseException();
            return LastError.Set(Status.Internal, $"{cause.GetType().Name}: {cause.Message}");
        }
    }
}
