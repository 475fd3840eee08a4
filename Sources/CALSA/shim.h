// alsa-lib. Its *_alloca macros do not come into Swift: use the *_malloc and *_free functions.
#pragma once
#include <alsa/asoundlib.h>
