/*
 * Has a site that it replaces while it serves, as servers do that read their configuration again: the old SSL_CTX is freed, and the new
 * one, which trusts another CA, gets its address. Both show the same certificate, which is loaded once.
 *
 *     switching CERTIFICATE KEY OLD_CA NEW_CA
 *
 * A connection under the name site.example ends in the site. One under next.example ends where it began, and replaces the site.
 */
#include "host.h"

#include <signal.h>

/* How many are made until one has the old one's address. */
enum { MOST = 2000 };

static SSL_CTX *first, *site;
static int is_next;

static SSL_CTX *make_site(const char *ca)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (context == NULL || SSL_CTX_use_certificate(context, SSL_CTX_get0_certificate(first)) != 1
        || SSL_CTX_use_PrivateKey(context, SSL_CTX_get0_privatekey(first)) != 1
        || SSL_CTX_load_verify_locations(context, ca, NULL) != 1)
        fail("no site can be made");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return context;
}

static void replace_site(const char *ca)
{
    static SSL_CTX *kept[MOST];
    uintptr_t address = (uintptr_t)site;
    int made = 0;

    SSL_CTX_free(site);
    while ((uintptr_t)(site = make_site(ca)) != address && made < MOST)
        kept[made++] = site;
    say("replaced, at %s address, the %d.", (uintptr_t)site == address ? "the same" : "another", made + 1);
    while (made > 0)
        SSL_CTX_free(kept[--made]);
}

static int on_server_name(SSL *ssl, int *alert, void *argument)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    (void)alert, (void)argument;
    if (name == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    if (strcmp(name, "next.example") == 0)
        is_next = 1;
    if (strcmp(name, "site.example") == 0) {
        /* As nginx does it. */
        SSL_set_SSL_CTX(ssl, site);
        SSL_set_verify(ssl, SSL_CTX_get_verify_mode(site), SSL_CTX_get_verify_callback(site));
    }
    return SSL_TLSEXT_ERR_OK;
}

int main(int argc, char **argv)
{
    int listener;

    if (argc != 5)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    first = make_context(argv[1], argv[2], NULL);
    SSL_CTX_set_tlsext_servername_callback(first, on_server_name);
    site = make_site(argv[3]);
    listener = listen_somewhere();
    for (;;) {
        serve(first, accept_one(listener));
        if (is_next) {
            is_next = 0;
            replace_site(argv[4]);
        }
    }
}
