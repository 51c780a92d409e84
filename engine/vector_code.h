// For the few loops over plain arrays that are ours. Any thread.
#pragma once

// GRAPEVINE_VECTOR before a function: compiled for two processors, and the loader takes the better one that
// the machine has. The sanitizers' run time is not up yet when the loader chooses, so they get one.
#if defined(__x86_64__) && !defined(GRAPEVINE_SANITIZED)
#define GRAPEVINE_VECTOR __attribute__((target_clones("avx2", "default")))
#else
#define GRAPEVINE_VECTOR
#endif
// What such a function calls must be part of it to be compiled with it.
#define GRAPEVINE_INLINE __attribute__((always_inline)) inline
