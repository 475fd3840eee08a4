#ifndef AURALD_CCRYPTO_SHIM_H
#define AURALD_CCRYPTO_SHIM_H

// The message digests of libcrypto; nothing else of OpenSSL is used.
#include <openssl/evp.h>

#endif
