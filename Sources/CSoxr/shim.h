// The SoX resampler library: plain functions and structures, so Swift may call it as it is.
#include <soxr.h>
