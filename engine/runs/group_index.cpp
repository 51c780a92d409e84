#include "engine/runs/group_index.h"

#include <charconv>

#include "engine/runs/comparison.h"

namespace grapevine {
namespace {

/// One text for the same cells and for no others: each says what it is and where it ends.
std::string text_of(const std::vector<RunCell>& settings) {
  std::string all;
  for (const RunCell& cell : settings) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      all += 't' + std::to_string(text->size()) + ':' + *text;
    } else if (const auto* number = std::get_if<double>(&cell)) {
      char digits[64];  // the shortest that are read as the same number; + 0.0: -0 equals 0
      all += 'n';
      all.append(digits, std::to_chars(digits, digits + sizeof digits, *number + 0.0).ptr);
      all += ';';
    } else {
      all += '-';
    }
  }
  return all;
}

}  // namespace

GroupIndex::GroupIndex(std::vector<RunGroup>& groups) : groups_(groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) places_.try_emplace(text_of(groups[i].settings), i);
}

GroupIndex::Found GroupIndex::of(const std::vector<RunCell>& settings) {
  const auto [place, is_new] = places_.try_emplace(text_of(settings), groups_.size());
  if (is_new) groups_.emplace_back().settings = settings;
  return {groups_[place->second], is_new};
}

}  // namespace grapevine
