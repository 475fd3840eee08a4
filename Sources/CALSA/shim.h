// alsa-lib. Its *_alloca macros do not come into Swift: use the *_malloc and *_free functions.
#pragma once
// poll.h and time.h belong to Swift's Glibc module; included here as text they would be this module's, and every file of a target that imports
// it anywhere would have to import it for `pollfd` and `timespec`.
#pragma clang module import SwiftGlibc
#include <alsa/asoundlib.h>

static inline void calsa_ignore_error(const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file, (void)line, (void)function, (void)error, (void)format;
}

/// alsa-lib writes each error to stderr, past the log; callers say what failed themselves. Variadic, so not to be had from Swift.
static inline void calsa_silence(void) { snd_lib_error_set_handler(calsa_ignore_error); }
