#include "engine/files/machine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

namespace grapevine {
namespace {

std::string line_of(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// The process's control groups: version 2's own folder and those above it, version 1's by controller.
std::vector<std::string> group_folders(const std::string& controller) {
  std::vector<std::string> folders;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = line.substr(first + 1, second - first - 1);
    std::string path = line.substr(second + 1);
    const bool unified = names.empty();
    if (!unified && ("," + names + ",").find("," + controller + ",") == std::string::npos) continue;
    const std::string root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + controller;
    for (; path.size() > 1 && path.front() == '/'; path.resize(path.rfind('/')))
      folders.push_back(root + path);
    folders.push_back(root);
  }
  if (folders.empty()) folders.emplace_back("/sys/fs/cgroup");
  return folders;
}

double group_cores() {
  double least = 0;
  for (const std::string& folder : group_folders("cpu")) {
    std::string text = line_of(folder + "/cpu.max");
    if (text.empty())
      text = line_of(folder + "/cpu.cfs_quota_us") + " " + line_of(folder + "/cpu.cfs_period_us");
    if (const double cores = quota_of(text); cores > 0) least = least > 0 ? std::min(least, cores) : cores;
  }
  return least;
}

int affinity_cores() {
  // A set of 1,024 processors is too small for some machines: the kernel says so.
  for (int most = 1024; most <= 1 << 16; most *= 4) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(most));
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(most));
    const bool told = set && sched_getaffinity(0, size, set) == 0;
    const int count = told ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

double quota_of(const std::string& quota_and_period) {
  std::istringstream in(quota_and_period);
  double quota = 0, period = 0;
  return in >> quota >> period && quota > 0 && period > 0 ? quota / period : 0;
}

int threads_asked(const char* omp_num_threads) {
  if (!omp_num_threads) return 0;
  char* end = nullptr;
  const long number = std::strtol(omp_num_threads, &end, 10);
  const bool ends = *end == '\0' || *end == ',' || *end == ' ';
  return end != omp_num_threads && ends && number > 0 && number <= 1024 ? static_cast<int>(number) : 0;
}

int usable_cores() {
  const int cores = std::max(1, affinity_cores());
  const double quota = group_cores();
  return quota > 0 ? std::clamp(static_cast<int>(std::ceil(quota)), 1, cores) : cores;
}

int default_threads() {
  const int asked = threads_asked(std::getenv("OMP_NUM_THREADS"));
  return asked > 0 ? asked : usable_cores();
}

std::int64_t usable_memory() {
  std::int64_t bytes = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  for (const std::string& folder : group_folders("memory"))
    for (const char* file : {"/memory.max", "/memory.limit_in_bytes"}) {
      const std::int64_t limit = std::atoll(line_of(folder + file).c_str());  // "max" is 0: none
      if (limit > 0) bytes = std::min(bytes, limit);
    }
  return bytes;
}

std::int64_t available_memory() {
  std::int64_t bytes = usable_memory();
  std::ifstream machine("/proc/meminfo");
  for (std::string line; std::getline(machine, line);)
    if (line.starts_with("MemAvailable:"))
      bytes = std::min<std::int64_t>(bytes, std::atoll(line.c_str() + line.find(':') + 1) * 1024);
  const std::pair<const char*, const char*> of_groups[] = {
      {"/memory.max", "/memory.current"}, {"/memory.limit_in_bytes", "/memory.usage_in_bytes"}};
  for (const std::string& folder : group_folders("memory"))
    for (const auto& [most, taken] : of_groups) {
      const std::int64_t limit = std::atoll(line_of(folder + most).c_str());
      if (limit > 0)
        bytes = std::min<std::int64_t>(bytes, limit - std::atoll(line_of(folder + taken).c_str()));
    }
  return std::max<std::int64_t>(0, bytes);
}

std::int64_t memory_for_data() {
  return usable_memory() / 2;
}

std::vector<std::string> names_of_gpus(int count, const char* visible) {
  std::vector<std::string> names;
  std::stringstream listed(visible ? visible : "");
  for (std::string name; visible && std::getline(listed, name, ',');) names.push_back(name);
  if (!visible)
    for (int i = 0; i < count; ++i) names.push_back(std::to_string(i));
  names.resize(std::min(names.size(), static_cast<std::size_t>(std::max(0, count))));
  return names;
}

}  // namespace grapevine
