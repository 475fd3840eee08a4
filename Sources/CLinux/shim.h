// What the Glibc module leaves out: headers that it does not list, and macros that Swift does not import.
#pragma once
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

// Names the calling thread as `ps -L` and `top -H` show it, up to 15 bytes; prctl is variadic, which Swift cannot call.
static inline void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
