#ifndef OSSCB_LIBSSL_H
#define OSSCB_LIBSSL_H

#include <openssl/ssl.h>
#include <time.h>

#if OPENSSL_VERSION_NUMBER < 0x30000000L
typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;
#endif

/*
 * The functions of the libssl that the host uses, found when it is there: this library is not linked to any, so that a process
 * without TLS loads nothing. The types come from whichever headers it was compiled with; only pointers pass through.
 */
typedef struct {
    int (*CRYPTO_get_ex_new_index)(int, long, void *, CRYPTO_EX_new *, CRYPTO_EX_dup *, CRYPTO_EX_free *);
    int (*CRYPTO_set_ex_data)(CRYPTO_EX_DATA *, int, void *);
    void *(*SSL_CTX_get_ex_data)(const SSL_CTX *, int);
    SSL_CTX *(*SSL_get_SSL_CTX)(const SSL *);
    void (*SSL_CTX_set_client_hello_cb)(SSL_CTX *, SSL_client_hello_cb_fn, void *);
    SSL_CTX *(*SSL_CTX_new)(const SSL_METHOD *);
    SSL *(*SSL_new)(SSL_CTX *);
    SSL_CTX *(*SSL_CTX_new_ex)(OSSL_LIB_CTX *, const char *, const SSL_METHOD *); /* NULL before 3.0 */
    void (*SSL_CTX_set_cert_cb)(SSL_CTX *, int (*)(SSL *, void *), void *);
    void (*SSL_set_cert_cb)(SSL *, int (*)(SSL *, void *), void *);
    void (*SSL_CTX_set_cert_verify_callback)(SSL_CTX *, int (*)(X509_STORE_CTX *, void *), void *);
    int (*SSL_CTX_set_session_id_context)(SSL_CTX *, const unsigned char *, unsigned int);
    int (*SSL_set_session_id_context)(SSL *, const unsigned char *, unsigned int);
    int (*SSL_CTX_set_session_ticket_cb)(
        SSL_CTX *, SSL_CTX_generate_session_ticket_fn, SSL_CTX_decrypt_session_ticket_fn, void *);
    long (*SSL_SESSION_get_timeout)(const SSL_SESSION *);
    long (*SSL_SESSION_set_timeout)(SSL_SESSION *, long);
    long (*SSL_SESSION_set_time)(SSL_SESSION *, long);
    time_t (*SSL_SESSION_set_time_ex)(SSL_SESSION *, time_t); /* NULL before 3.3 */
    int (*SSL_SESSION_set1_id_context)(SSL_SESSION *, const unsigned char *, unsigned int);
    int (*SSL_SESSION_set1_ticket_appdata)(SSL_SESSION *, const void *, size_t);
    int (*SSL_CTX_remove_session)(SSL_CTX *, SSL_SESSION *);
    void *(*SSL_SESSION_get_ex_data)(const SSL_SESSION *, int);
    int (*SSL_SESSION_set_ex_data)(SSL_SESSION *, int, void *);
    long (*SSL_CTX_callback_ctrl)(SSL_CTX *, int, void (*)(void));
    void *(*SSL_get_ex_data)(const SSL *, int);
    int (*SSL_set_ex_data)(SSL *, int, void *);
} libssl_functions;

extern libssl_functions libssl;

/*
 * Whether an instruction is libssl's own: some builds of it (Debian's) call their own functions by way of the loader, which finds those
 * of this library first. What libssl does by itself is not what the host does.
 */
int libssl_has(const void *address);

/* Finds them, once; answers whether all are there. Before somebody has loaded libssl there are none. */
int libssl_find(void);

#endif
