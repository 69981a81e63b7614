/*
 * The functions of libssl that this library stands in front of. A host that dlopens libssl later than this library (CPython's ssl
 * module) is hooked by its first SSL_CTX_new; one that finds them with dlsym on libssl's handle gets libssl's own, and the hook
 * must have been there before.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "contexts.h"
#include "id_contexts.h"
#include "libssl.h"
#include "start.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
    SSL_CTX *made;

    contexts_hook();
    contexts_making(1);
    made = libssl_find() ? libssl.SSL_CTX_new(method) : NULL;
    contexts_making(0);
    return made;
}

/*
 * SSL_CTX_new of libssl ends in this, with two NULLs, where libssl finds its own functions by way of the loader. The host may have found
 * that one by dlsym, and what it will set is not seen here: a context that was made so does not count as watched.
 */
EXPORT SSL_CTX *SSL_CTX_new_ex(OSSL_LIB_CTX *library, const char *properties, const SSL_METHOD *method)
{
    int is_hosts = library != NULL || properties != NULL;
    SSL_CTX *made;

    contexts_hook();
    if (is_hosts)
        contexts_making(1);
    made = libssl_find() && libssl.SSL_CTX_new_ex != NULL ? libssl.SSL_CTX_new_ex(library, properties, method) : NULL;
    if (is_hosts)
        contexts_making(0);
    return made;
}

EXPORT SSL *SSL_new(SSL_CTX *context)
{
    SSL *made = libssl_find() ? libssl.SSL_new(context) : NULL;

    if (made != NULL)
        contexts_connection_made(made, context);
    return made;
}

EXPORT void SSL_CTX_set_cert_cb(SSL_CTX *context, int (*callback)(SSL *, void *), void *argument)
{
    contexts_note(context, CONTEXT_CERTIFICATE);
    if (libssl_find())
        libssl.SSL_CTX_set_cert_cb(context, callback, argument);
}

/* In its ClientHello callback as a rule: the connection's context is taken for one that does so. */
EXPORT void SSL_set_cert_cb(SSL *ssl, int (*callback)(SSL *, void *), void *argument)
{
    if (!libssl_find())
        return;
    contexts_note(libssl.SSL_get_SSL_CTX(ssl), CONTEXT_CERTIFICATE);
    libssl.SSL_set_cert_cb(ssl, callback, argument);
}

EXPORT void SSL_CTX_set_cert_verify_callback(SSL_CTX *context, int (*callback)(X509_STORE_CTX *, void *), void *argument)
{
    contexts_note(context, CONTEXT_VERIFY_CERTIFICATE);
    if (libssl_find())
        libssl.SSL_CTX_set_cert_verify_callback(context, callback, argument);
}

EXPORT int SSL_CTX_set_session_id_context(SSL_CTX *context, const unsigned char *bytes, unsigned int length)
{
    id_contexts_note(context, bytes, length);
    return libssl_find() ? libssl.SSL_CTX_set_session_id_context(context, bytes, length) : 0;
}

/* libssl calls it for copies of a connection, which take over what is noted of it. */
EXPORT int SSL_set_session_id_context(SSL *ssl, const unsigned char *bytes, unsigned int length)
{
    if (libssl_find() && !libssl_has(__builtin_return_address(0)))
        id_contexts_note_own(ssl, bytes, length);
    return libssl_find() ? libssl.SSL_set_session_id_context(ssl, bytes, length) : 0;
}

/* libssl calls them where it makes tickets; the library calls them where sessions are shared. */
EXPORT int SSL_CTX_set_session_ticket_cb(
    SSL_CTX *context, SSL_CTX_generate_session_ticket_fn make, SSL_CTX_decrypt_session_ticket_fn judge, void *argument)
{
    what_host_has_set *noted = contexts_noted(context);

    if (noted != NULL) {
        noted->ticket_argument = argument;
        noted->make_ticket = make;
        noted->judge_ticket = (judge_ticket_function)judge;
    }
    return libssl_find() ? libssl.SSL_CTX_set_session_ticket_cb(context, make, judge, argument) : 0;
}

/* A session that is shared does not take it along: the library is told. */
EXPORT int SSL_SESSION_set_ex_data(SSL_SESSION *session, int index, void *data)
{
    void *before;
    int is_set;

    if (!libssl_find())
        return 0;
    before = libssl.SSL_SESSION_get_ex_data(session, index);
    is_set = libssl.SSL_SESSION_set_ex_data(session, index, data);
    if (is_set == 1 && data != NULL && data != before)
        start_session_changed(session, SESSION_NOTED);
    return is_set;
}

/*
 * Setters of what the library has copied along with the session, as it was before: how long it lives, from when, for which context,
 * and the host's own data for tickets. A session that is not announced yet is unknown to the library, and nothing happens to it.
 */
EXPORT long SSL_SESSION_set_timeout(SSL_SESSION *session, long seconds)
{
    if (!libssl_find())
        return 0;
    if (session != NULL && libssl.SSL_SESSION_get_timeout(session) != seconds)
        start_session_changed(session, SESSION_REMOVED);
    return libssl.SSL_SESSION_set_timeout(session, seconds);
}

EXPORT long SSL_SESSION_set_time(SSL_SESSION *session, long seconds)
{
    if (session != NULL)
        start_session_changed(session, SESSION_REMOVED);
    return libssl_find() ? libssl.SSL_SESSION_set_time(session, seconds) : 0;
}

/* From 3.3 on. */
EXPORT time_t SSL_SESSION_set_time_ex(SSL_SESSION *session, time_t seconds)
{
    if (session != NULL)
        start_session_changed(session, SESSION_REMOVED);
    return libssl_find() && libssl.SSL_SESSION_set_time_ex != NULL ? libssl.SSL_SESSION_set_time_ex(session, seconds) : 0;
}

EXPORT int SSL_SESSION_set1_id_context(SSL_SESSION *session, const unsigned char *bytes, unsigned int length)
{
    if (session != NULL)
        start_session_changed(session, SESSION_REMOVED);
    return libssl_find() ? libssl.SSL_SESSION_set1_id_context(session, bytes, length) : 0;
}

EXPORT int SSL_SESSION_set1_ticket_appdata(SSL_SESSION *session, const void *data, size_t length)
{
    if (session != NULL)
        start_session_changed(session, SESSION_REMOVED);
    return libssl_find() ? libssl.SSL_SESSION_set1_ticket_appdata(session, data, length) : 0;
}

/* libssl calls it too, for connections that end without a goodbye or with an alert: the remove callback tells of those. */
EXPORT int SSL_CTX_remove_session(SSL_CTX *context, SSL_SESSION *session)
{
    if (session != NULL && libssl_find() && !libssl_has(__builtin_return_address(0)))
        start_session_changed(session, SESSION_REMOVED);
    return libssl_find() ? libssl.SSL_CTX_remove_session(context, session) : 0;
}

/* SSL_CTX_set_tlsext_servername_callback is a macro for this. */
EXPORT long SSL_CTX_callback_ctrl(SSL_CTX *context, int command, void (*callback)(void))
{
    if (command == SSL_CTRL_SET_TLSEXT_SERVERNAME_CB && contexts_remember_server_name(context, callback))
        return 1;
    return libssl_find() ? libssl.SSL_CTX_callback_ctrl(context, command, callback) : 0;
}

EXPORT void SSL_CTX_set_client_hello_cb(SSL_CTX *context, SSL_client_hello_cb_fn callback, void *argument)
{
    if (!contexts_remember(context, callback, argument) && libssl_find())
        libssl.SSL_CTX_set_client_hello_cb(context, callback, argument);
}
