// What the Glibc module leaves out: headers that it does not list, and macros that Swift does not import.
#pragma once
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
