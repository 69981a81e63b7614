namespace OpenSslSessionCb;

/// <summary>What is set on a context: three C function pointers, 0 where none is.</summary>
/// <param name="New">SSL_CTX_sess_get_new_cb.</param>
/// <param name="Get">SSL_CTX_sess_get_get_cb.</param>
/// <param name="Remove">SSL_CTX_sess_get_remove_cb.</param>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_sess_set_get_cb/"/>
public readonly record struct SessionCallbackPointers(nint New, nint Get, nint Remove);
