// For the few loops over plain arrays that are ours. Any thread.
#pragma once

#include <cstdint>  // tells whose C library it is

// GRAPEVINE_VECTOR before a function: compiled for two processors, and the loader takes the better one that
// the machine has. That is GCC's and glibc's to do, and the sanitizers' run time is not up yet when the
// loader chooses.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define GRAPEVINE_VECTOR __attribute__((target_clones("avx2", "default")))
#else
#define GRAPEVINE_VECTOR
#endif
// What such a function calls must be part of it to be compiled with it.
#define GRAPEVINE_INLINE __attribute__((always_inline)) inline
