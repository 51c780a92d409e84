#include "engine/feedback/structure_settings.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace grapevine {

StructureSettings StructureSettings::of(const Experiment& experiment) {
  StructureSettings settings;
  Binder binder(rule_group);
  settings.bind(binder);
  binder.read_what_is_there(experiment);
  return settings;
}

std::string StructureSettings::name() const {
  const std::string word = word_of(words(), kind);
  const auto square = [](std::int64_t side) { return std::to_string(side) + "×" + std::to_string(side); };
  switch (kind) {
    case Kind::grid:
      return word + " " + square(grid);
    case Kind::kernel:
      return word + " " + square(kernel);
    case Kind::low_rank:
      return word + " " + std::to_string(rank);
    default:
      return word;
  }
}

std::vector<std::int64_t> cell_edges(const StructureSettings& settings, std::int64_t length) {
  std::vector<std::int64_t> edges;
  if (settings.kind == StructureSettings::Kind::per_channel) return {0, length};
  if (settings.kind == StructureSettings::Kind::kernel && length >= settings.kernel) {
    const std::int64_t border = (settings.kernel - 1) / 2;
    for (std::int64_t i = 0; i <= border; ++i) edges.push_back(i);
    for (std::int64_t i = border; i >= 0; --i) edges.push_back(length - i);
    return edges;
  }
  const std::int64_t cells =
      settings.kind == StructureSettings::Kind::grid ? std::min(settings.grid, length) : length;
  for (std::int64_t i = 0; i <= cells; ++i) edges.push_back(i * length / cells);
  return edges;
}

bool has_cells(const StructureSettings& settings, const std::vector<std::int64_t>& point) {
  return point.size() == 3 && settings.kind != StructureSettings::Kind::dense &&
         settings.kind != StructureSettings::Kind::low_rank;
}

StructureSize::StructureSize(const StructureSettings& settings, std::int64_t classes,
                             const std::vector<std::int64_t>& point)
    : rows(classes),
      columns(std::accumulate(point.begin(), point.end(), std::int64_t{1}, std::multiplies<>())) {
  if (settings.kind == StructureSettings::Kind::low_rank) {
    rows = settings.rank;
    basis = classes * rows;
  } else if (has_cells(settings, point)) {
    columns = point[0];
    for (std::size_t axis : {1, 2})
      columns *= static_cast<std::int64_t>(cell_edges(settings, point[axis]).size()) - 1;
  }
}

}  // namespace grapevine
