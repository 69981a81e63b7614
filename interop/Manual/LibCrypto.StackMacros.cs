namespace OpenSslSessionCb.Interop;

// The typed stacks of <openssl/x509.h>, which are inline functions in C.
public static unsafe partial class LibCrypto
{
    public static int sk_X509_NAME_num(STACK_OF_X509_NAME* names) => OPENSSL_sk_num((OPENSSL_STACK*)names);

    public static X509_NAME* sk_X509_NAME_value(STACK_OF_X509_NAME* names, int index) =>
        (X509_NAME*)OPENSSL_sk_value((OPENSSL_STACK*)names, index);

    public static STACK_OF_X509_NAME* sk_X509_NAME_new_null() => (STACK_OF_X509_NAME*)OPENSSL_sk_new_null();

    public static int sk_X509_NAME_push(STACK_OF_X509_NAME* names, X509_NAME* name) => OPENSSL_sk_push((OPENSSL_STACK*)names, name);

    public static int sk_X509_num(STACK_OF_X509* certificates) => OPENSSL_sk_num((OPENSSL_STACK*)certificates);

    public static X509* sk_X509_value(STACK_OF_X509* certificates, int index) =>
        (X509*)OPENSSL_sk_value((OPENSSL_STACK*)certificates, index);

    public static STACK_OF_X509* sk_X509_new_null() => (STACK_OF_X509*)OPENSSL_sk_new_null();

    public static int sk_X509_push(STACK_OF_X509* certificates, X509* certificate) =>
        OPENSSL_sk_push((OPENSSL_STACK*)certificates, certificate);

    public static void sk_X509_free(STACK_OF_X509* certificates) => OPENSSL_sk_free((OPENSSL_STACK*)certificates);

    public static int sk_X509_OBJECT_num(STACK_OF_X509_OBJECT* objects) => OPENSSL_sk_num((OPENSSL_STACK*)objects);

    public static X509_OBJECT* sk_X509_OBJECT_value(STACK_OF_X509_OBJECT* objects, int index) =>
        (X509_OBJECT*)OPENSSL_sk_value((OPENSSL_STACK*)objects, index);

    public static int sk_SSL_CIPHER_num(STACK_OF_SSL_CIPHER* ciphers) => OPENSSL_sk_num((OPENSSL_STACK*)ciphers);

    public static SSL_CIPHER* sk_SSL_CIPHER_value(STACK_OF_SSL_CIPHER* ciphers, int index) =>
        (SSL_CIPHER*)OPENSSL_sk_value((OPENSSL_STACK*)ciphers, index);

    /// <summary>The place of a cipher in the list, compared by its address: each has one object in libssl. -1: it is not there.</summary>
    public static int sk_SSL_CIPHER_find(STACK_OF_SSL_CIPHER* ciphers, SSL_CIPHER* cipher) =>
        OPENSSL_sk_find((OPENSSL_STACK*)ciphers, cipher);
}
