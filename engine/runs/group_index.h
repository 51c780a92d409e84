// Finds the group of a run's settings without looking at every group: there may be as many as runs. Private
// to runs/. One comparison; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/runs/run_key.h"

namespace grapevine {

struct RunGroup;

class GroupIndex {
 public:
  /// `groups`: all that is added to them from now on is added by this.
  explicit GroupIndex(std::vector<RunGroup>& groups);

  struct Found {
    RunGroup& group;  ///< valid until the next one is added
    bool is_new;      ///< just put behind the others, with its settings alone
  };
  Found of(const std::vector<RunCell>& settings);

 private:
  std::vector<RunGroup>& groups_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace grapevine
