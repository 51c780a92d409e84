// What this process may use of the machine: cores and memory, as its affinity and its control group leave
// them. Reads /proc and /sys; any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

/// Cores that the process may run on at once: those of its affinity, and no more than the quota of its
/// control group (rounded up); at least 1.
int usable_cores();
/// Threads that a run has where no number is given: $OMP_NUM_THREADS (the first of its list), as other
/// programs take it, else usable_cores().
int default_threads();
/// Bytes: the machine's, or its control group's limit.
std::int64_t usable_memory();
/// Bytes that may still be taken now: what the machine says is available, and what its control group leaves.
std::int64_t available_memory();
/// Bytes that one array of a data set may take: what a file announces beyond that is not believed.
std::int64_t memory_for_data();

/// The quota in a cpu.max ("max 100000", "150000 100000") in cores, or that of version 1's two files; 0 =
/// none.
double quota_of(const std::string& quota_and_period);
/// The GPUs that a program may use, of `count` that a library sees, each by the name that
/// CUDA_VISIBLE_DEVICES has for it (`visible`; nullptr: it is not set).
std::vector<std::string> names_of_gpus(int count, const char* visible);
/// The first number of an OMP_NUM_THREADS ("4", "4,2"); 0 = there is none.
int threads_asked(const char* omp_num_threads);

}  // namespace grapevine
