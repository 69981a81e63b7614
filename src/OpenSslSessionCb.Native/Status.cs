namespace OpenSslSessionCb.Native;

/// <summary>What the functions answer: the numbers of openssl_session_cb.h.</summary>
internal enum Status
{
    Ok = 0,
    Argument = 1,
    OpenSsl = 2,
    Store = 3,
    KeyFile = 4,
    Forked = 5,
    Internal = 6,
    Runtime = 7,
}
