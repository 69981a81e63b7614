namespace OpenSslSessionCb.Interop;

// Complete structs in some versions' headers and opaque in others: only ever pointed to.

/// <summary>Also <c>ASN1_INTEGER</c> and <c>ASN1_TIME</c>, which are the same struct in C.</summary>
public struct ASN1_STRING;

public struct CRYPTO_EX_DATA;

public struct LHASH_OF_CONF_VALUE;

public struct X509V3_CTX;
