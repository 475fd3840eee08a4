// Tells ThreadSanitizer about Swift's Mutex; tools/sanitize links it into what it builds, nothing else does.
//
// Synchronization.Mutex on Linux takes a free lock with an atomic instruction that is compiled into our code, where ThreadSanitizer sees
// it, and a contended one with a futex inside the Swift runtime, which is not instrumented: what one thread wrote then looks unordered to
// the next. withLock is compiled into its callers too, so that no frame of it is in the reports for a suppression to name, and a
// suppression would hide the races where only one side holds the lock. These are the runtime's three slow functions by their Swift
// names (swift demangle tells them); the linker prefers them to the library's. They call the library's own and report the order that the
// lock makes, with the annotations of compiler-rt's include/sanitizer/tsan_interface.h.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// Synchronization._MutexHandle's _lockSlow(UInt32), _tryLockSlow() -> Bool and _unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Swift passes `self` in a register of its own. The lock word is the first and only member of _MutexHandle, so its address is the one
// that the atomic instructions of the fast path have, and the one that ThreadSanitizer knows the lock by.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool try_lock_slow(SELF) __asm__(TRY_LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

typedef SWIFT void lock_function(uint32_t thread, SELF);
typedef SWIFT bool try_lock_function(SELF);
typedef SWIFT void unlock_function(SELF);

SWIFT void lock_slow(uint32_t thread, SELF) {
  ((lock_function *)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT bool try_lock_slow(SELF) {
  bool locked = ((try_lock_function *)dlsym(RTLD_NEXT, TRY_LOCK))(mutex);
  if (locked) __tsan_acquire(mutex);
  return locked;
}

SWIFT void unlock_slow(SELF) {
  __tsan_release(mutex);
  ((unlock_function *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
