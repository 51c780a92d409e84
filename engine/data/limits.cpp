#include "engine/data/limits.h"

#include <algorithm>
#include <numeric>

namespace grapevine {
namespace {

/// How many of each class: evenly, what a class doesn't have going to the others.
std::vector<std::int64_t> shares(const std::vector<std::int64_t>& counts, std::int64_t limit) {
  std::vector<std::int64_t> taken(counts.size(), 0);
  std::int64_t left = limit;
  for (;;) {
    std::vector<std::size_t> open;
    for (std::size_t c = 0; c < counts.size(); ++c)
      if (taken[c] < counts[c]) open.push_back(c);
    if (open.empty() || left <= 0) return taken;
    const std::int64_t each = left / std::ssize(open);
    if (each == 0) {
      for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++taken[open[i]];
      return taken;
    }
    for (const std::size_t c : open) {
      const std::int64_t more = std::min(each, counts[c] - taken[c]);
      taken[c] += more;
      left -= more;
    }
  }
}

}  // namespace

std::vector<std::size_t> chosen_records(const std::vector<std::int32_t>& labels, std::int64_t limit,
                                        bool balanced) {
  const std::int64_t count =
      limit > 0 ? std::min<std::int64_t>(limit, std::ssize(labels)) : std::ssize(labels);
  std::vector<std::size_t> chosen;
  if (!balanced || count == std::ssize(labels)) {
    chosen.resize(static_cast<std::size_t>(count));
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    return chosen;
  }
  std::vector<std::int64_t> counts(static_cast<std::size_t>(*std::max_element(labels.begin(), labels.end())) +
                                   1);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  std::vector<std::int64_t> left = shares(counts, count);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (left[static_cast<std::size_t>(labels[i])]-- > 0) chosen.push_back(i);
  return chosen;
}

void limit_records(ImageSet& set, std::int64_t limit, bool balanced) {
  if (limit <= 0 || limit >= set.count()) return;
  const std::vector<std::size_t> chosen = chosen_records(set.labels, limit, balanced);
  const auto size = static_cast<std::size_t>(set.sample_size());
  for (std::size_t to = 0; to < chosen.size(); ++to) {
    const std::size_t from = chosen[to];  // never before `to`
    set.labels[to] = set.labels[from];
    if (from != to)
      std::copy_n(set.pixels.begin() + static_cast<std::ptrdiff_t>(from * size), size,
                  set.pixels.begin() + static_cast<std::ptrdiff_t>(to * size));
  }
  set.labels.resize(chosen.size());
  set.pixels.resize(chosen.size() * size);
}

std::string classes_left_out(const ImageSet& set) {
  std::vector<bool> met(static_cast<std::size_t>(set.classes));
  for (const std::int32_t label : set.labels) met[static_cast<std::size_t>(label)] = true;
  const auto missing = std::count(met.begin(), met.end(), false);
  if (missing == 0) return "";
  std::string names;
  int shown = 0;
  for (std::size_t c = 0; c < met.size() && shown <= 6; ++c)
    if (!met[c]) names += (names.empty() ? "" : ", ") + (++shown > 6 ? "…" : std::to_string(c));
  return "no training images of " + std::to_string(missing) + " of " + std::to_string(set.classes) +
         " classes (" + names + ")";
}

}  // namespace grapevine
