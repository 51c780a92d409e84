// The share of some cells that one of several machines trains: "2/5", the second of five. Plain values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace grapevine::cli {

struct Share {
  std::size_t index = 0, count = 1;

  /// The shares take turns, so that each has its part of every rule.
  template <class Cell>
  std::vector<Cell> of(const std::vector<Cell>& all) const {
    std::vector<Cell> own;
    const std::size_t step = std::min(count, all.size() + 1);
    for (std::size_t i = index; i < all.size(); i += step) own.push_back(all[i]);
    return own;
  }
};

/// Throws InputError.
Share read_share(const std::string& text);

}  // namespace grapevine::cli
