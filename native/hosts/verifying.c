/*
 * Verifies its clients in the ways that a program can. Most of them cannot be read off an SSL_CTX.
 *
 *     verifying CERTIFICATE KEY [ca-file=FILE] [ca-path=FOLDER] [ca-store=URI] [crl=FILE] [email=ADDRESS] [host=NAME] [depth=NUMBER]
 *               [time=SECONDS] [connections-email=ADDRESS] [callback=NAME] [verifier=NAME]
 *
 * callback, verifier: the common name of the client that the verify callback refuses, or the one that stands in for all verification.
 */
#include "host.h"

#include <signal.h>

static const char *refused_name, *connections_email;

static int is_refused(X509_STORE_CTX *verification)
{
    X509 *leaf = X509_STORE_CTX_get0_cert(verification);
    char name[128] = "";

    X509_NAME_get_text_by_NID(X509_get_subject_name(leaf), NID_commonName, name, sizeof name);
    return strcmp(name, refused_name) == 0;
}

/* As the callbacks of servers do, it goes from the verification to the connection, and from that to its context. */
static int verify_callback(int ok, X509_STORE_CTX *verification)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());

    if (SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)) != &refused_name || SSL_get_session(ssl) == NULL)
        abort();
    if (!ok || X509_STORE_CTX_get_error_depth(verification) != 0 || !is_refused(verification))
        return ok;
    X509_STORE_CTX_set_error(verification, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

static int verify_all(X509_STORE_CTX *verification, void *argument)
{
    (void)argument;
    if (X509_verify_cert(verification) != 1)
        return 0;
    if (!is_refused(verification))
        return 1;
    X509_STORE_CTX_set_error(verification, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

static int on_client_hello(SSL *ssl, int *alert, void *argument)
{
    (void)alert, (void)argument;
    return X509_VERIFY_PARAM_set1_email(SSL_get0_param(ssl), connections_email, 0) == 1 ? SSL_CLIENT_HELLO_SUCCESS
                                                                                        : SSL_CLIENT_HELLO_ERROR;
}

static int add_crl(SSL_CTX *context, const char *file)
{
    X509_STORE *store = SSL_CTX_get_cert_store(context);

    return X509_load_crl_file(X509_STORE_add_lookup(store, X509_LOOKUP_file()), file, X509_FILETYPE_PEM) > 0
        && X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK) == 1;
}

static int demand(SSL_CTX *context, const char *word, const char *value)
{
    if (strcmp(word, "ca-file") == 0)
        return SSL_CTX_load_verify_file(context, value);
    if (strcmp(word, "ca-path") == 0)
        return SSL_CTX_load_verify_dir(context, value);
    if (strcmp(word, "ca-store") == 0)
        return SSL_CTX_load_verify_store(context, value);
    if (strcmp(word, "crl") == 0)
        return add_crl(context, value);
    if (strcmp(word, "email") == 0)
        return X509_VERIFY_PARAM_set1_email(SSL_CTX_get0_param(context), value, 0);
    if (strcmp(word, "host") == 0)
        return X509_VERIFY_PARAM_set1_host(SSL_CTX_get0_param(context), value, 0);
    if (strcmp(word, "depth") == 0) {
        SSL_CTX_set_verify_depth(context, atoi(value));
        return 1;
    }
    if (strcmp(word, "time") == 0) {
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context), (time_t)atoll(value));
        return 1;
    }
    if (strcmp(word, "connections-email") == 0) {
        connections_email = value;
        SSL_CTX_set_client_hello_cb(context, on_client_hello, NULL);
        return 1;
    }
    refused_name = value;
    if (strcmp(word, "callback") == 0)
        SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), verify_callback);
    else if (strcmp(word, "verifier") == 0)
        SSL_CTX_set_cert_verify_callback(context, verify_all, NULL);
    else
        return 0;
    return 1;
}

int main(int argc, char **argv)
{
    SSL_CTX *context;
    int listener;

    if (argc < 3)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    context = make_context(argv[1], argv[2], NULL);
    SSL_CTX_set_app_data(context, &refused_name);
    if (argc > 3)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    for (int i = 3; i < argc; i++) {
        char *value = strchr(argv[i], '=');

        if (value == NULL)
            return 2;
        *value = '\0';
        if (demand(context, argv[i], value + 1) != 1)
            fail(argv[i]);
    }
    listener = listen_somewhere();
    for (;;)
        serve(context, accept_one(listener));
}
