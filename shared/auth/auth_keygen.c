/*
 * auth_keygen.c -- draws a private key. It takes a tenth of a second for RSA
 * and touches nothing else, so that it may run on a thread.
 */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "auth/auth.h"

#define RSA_BITS	2048

bool
mint_generate(const char *alg, char pem[MINT_PEM_MAX])
{
	EVP_PKEY	*pkey = strcmp(alg, "ES256") == 0 ? EVP_EC_gen("P-256") :
			    EVP_RSA_gen(RSA_BITS);
	BIO		*bio = BIO_new(BIO_s_mem());
	int		 n = 0;

	if (pkey != NULL && bio != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) == 1)
		n = BIO_read(bio, pem, MINT_PEM_MAX - 1);
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	pem[n > 0 ? n : 0] = '\0';
	return (n > 0 && n < MINT_PEM_MAX - 1);
}
