#include "certificates.h"

#include <pthread.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "last_error.h"

static int choose_p256(EVP_PKEY_CTX *generation)
{
    return EVP_PKEY_CTX_set_ec_paramgen_curve_nid(generation, NID_X9_62_prime256v1);
}

static int choose_rsa2048(EVP_PKEY_CTX *generation)
{
    return EVP_PKEY_CTX_set_rsa_keygen_bits(generation, 2048);
}

static EVP_PKEY *make_key(int type, int (*choose)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX *generation = EVP_PKEY_CTX_new_id(type, NULL);
    EVP_PKEY *key = NULL;

    if (generation != NULL && EVP_PKEY_keygen_init(generation) > 0 && choose(generation) > 0)
        EVP_PKEY_keygen(generation, &key);
    EVP_PKEY_CTX_free(generation);
    return key;
}

static int fill(X509 *certificate, X509_NAME *name, EVP_PKEY *key)
{
    const long begins = -3600, ends = 365L * 24 * 3600;

    return X509_set_version(certificate, 2) /* counted from 0: version 3 */
        && ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1)
        && X509_gmtime_adj(X509_getm_notBefore(certificate), begins) != NULL
        && X509_gmtime_adj(X509_getm_notAfter(certificate), ends) != NULL
        && X509_set_subject_name(certificate, name)
        && X509_set_issuer_name(certificate, name)
        && X509_set_pubkey(certificate, key)
        && X509_sign(certificate, key, EVP_sha256());
}

static X509 *self_sign(EVP_PKEY *key, const char *common_name)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_NAME_new();
    int made = certificate != NULL && name != NULL
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name, -1, -1, 0)
        && fill(certificate, name, key);

    X509_NAME_free(name);
    if (made)
        return certificate;
    X509_free(certificate);
    return NULL;
}

typedef struct {
    int key_type;
    int (*choose)(EVP_PKEY_CTX *);
    const char *common_name;
    osr_identity identity;
} recipe;

static const osr_identity *once(recipe *recipe)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    osr_identity *identity = &recipe->identity;

    pthread_mutex_lock(&lock);
    if (identity->key == NULL)
        identity->key = make_key(recipe->key_type, recipe->choose);
    if (identity->key != NULL && identity->certificate == NULL)
        identity->certificate = self_sign(identity->key, recipe->common_name);
    pthread_mutex_unlock(&lock);

    if (identity->certificate != NULL)
        return identity;
    osr_note_error("making a self-signed certificate");
    return NULL;
}

const osr_identity *osr_server_identity(const char *key_kind)
{
    static recipe p256 = { .key_type = EVP_PKEY_EC, .choose = choose_p256, .common_name = "osr server p256" };
    static recipe rsa2048 = { .key_type = EVP_PKEY_RSA, .choose = choose_rsa2048, .common_name = "osr server rsa2048" };

    if (strcmp(key_kind, "p256") == 0)
        return once(&p256);
    if (strcmp(key_kind, "rsa2048") == 0)
        return once(&rsa2048);
    osr_note_error("the key kind is neither p256 nor rsa2048");
    return NULL;
}

const osr_identity *osr_client_identity(void)
{
    static recipe client = { .key_type = EVP_PKEY_EC, .choose = choose_p256, .common_name = "client-p256.example" };

    return once(&client);
}
