// Folds of the stage.
#include "ui/scope/figures/stage_folding.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

constexpr double kEqualAngle = 10;  ///< degrees within which neighbours are folded
constexpr double kEqualWidth = 1;   ///< pixels

/// What is compared between neighbours: the needle, or the number in its place.
double place_of(const StageDial& dial) {
  return dial.reading == DialReading::update ? std::acos(std::clamp(dial.update, -1.0, 1.0)) * 57.29578
                                             : dial.angle;
}

/// Whether the depth from `first` to `last` may be one row in a column.
bool alike(const StageColumn& column, int depth, int first, int last, double tolerance) {
  double lowest = 1e9, highest = -1e9, thinnest = 1e9, widest = -1e9;
  bool defined = false, undefined = false;
  const int points = static_cast<int>(column.dials.size());
  for (const StageDial& dial : column.dials) {
    const int slot = slot_of(dial.point, points, depth);
    if (slot < first || slot > last) continue;
    const double place = place_of(dial);
    (std::isnan(place) ? undefined : defined) = true;
    if (!std::isnan(place)) {
      lowest = std::min(lowest, place);
      highest = std::max(highest, place);
    }
    thinnest = std::min(thinnest, arrow_width(dial.ratio));
    widest = std::max(widest, arrow_width(dial.ratio));
  }
  if (tolerance >= 180) return true;
  if (defined && undefined) return false;
  return (!defined || highest - lowest <= tolerance) && widest - thinnest <= kEqualWidth * tolerance / 10;
}

/// What is folded as a whole: blocks, and the layers between them. Of a fold that is open, each layer.
std::vector<StageRow> units_of(const std::vector<StageRow>& blocks, int depth, std::optional<StageRow> open) {
  std::vector<StageRow> units;
  for (int slot = 0; slot < depth;) {
    const auto block =
        std::find_if(blocks.begin(), blocks.end(), [&](const StageRow& each) { return each.first == slot; });
    const bool apart = open && slot <= open->last && (block == blocks.end() || block->last >= open->first);
    const int last = block == blocks.end() || apart ? slot : std::min(block->last, depth - 1);
    units.push_back({slot, last});
    slot = last + 1;
  }
  return units;
}

std::vector<StageRow> folded_within(const StageData& data, const std::vector<StageRow>& units, int depth,
                                    double tolerance, std::optional<StageRow> open) {
  std::vector<StageRow> rows;
  for (const StageRow& unit : units) {
    const bool apart = open && unit.first >= open->first && unit.first <= open->last + 1;
    const bool joins = !rows.empty() && !apart &&
                       std::all_of(data.columns.begin(), data.columns.end(), [&](const StageColumn& column) {
                         return alike(column, depth, rows.back().first, unit.last, tolerance);
                       });
    if (joins)
      rows.back().last = unit.last;
    else
      rows.push_back(unit);
  }
  return rows;
}

}  // namespace

int slot_of(int point, int points, int depth) {
  if (points <= 1) return 0;
  return static_cast<int>(std::lround((point - 1.0) * (depth - 1) / (points - 1)));
}

std::vector<StageRow> blocks_of(const StageData& data, int depth) {
  for (const StageColumn& column : data.columns) {
    const int points = static_cast<int>(column.dials.size());
    if (points != depth || column.blocks.empty()) continue;
    std::vector<StageRow> blocks;
    for (const StageBlock& block : column.blocks)
      if (block.first <= points) blocks.push_back({block.first - 1, std::min(block.last, points) - 1});
    return blocks;
  }
  return {};
}

std::vector<StageRow> fold_rows(const StageData& data, int depth, int most, std::optional<StageRow> open) {
  std::vector<StageRow> rows;
  for (int slot = 0; slot < depth; ++slot) rows.push_back({slot, slot});
  if (depth <= most) return rows;
  const std::vector<StageRow> units = units_of(blocks_of(data, depth), depth, open);
  if (static_cast<int>(units.size()) <= most) return units;
  for (double tolerance = kEqualAngle; tolerance <= 180; tolerance += 5) {
    rows = folded_within(data, units, depth, tolerance, open);
    if (static_cast<int>(rows.size()) <= most) break;
  }
  return rows;
}

std::vector<StageRow> split_folds(std::vector<StageRow> rows, std::size_t least,
                                  const std::vector<StageRow>& blocks) {
  while (rows.size() < least) {
    const auto largest = std::max_element(rows.begin(), rows.end(), [](const StageRow& a, const StageRow& b) {
      return a.last - a.first < b.last - b.first;
    });
    if (largest == rows.end() || !largest->folded()) break;
    const StageRow whole = *largest;
    int middle = (whole.first + whole.last) / 2;
    for (const StageRow& block : blocks)
      if (block.first <= middle && middle < block.last && block.last < whole.last) middle = block.last;
    *largest = {middle + 1, whole.last};
    rows.insert(largest, {whole.first, middle});
  }
  return rows;
}

int worst_of(const StageColumn& column, int first, int last) {
  int worst = first - 1;
  for (int point = first; point <= last; ++point) {
    const StageDial& dial = column.dials[static_cast<std::size_t>(point - 1)];
    const double place = place_of(dial);
    const double before = place_of(column.dials[static_cast<std::size_t>(worst)]);
    if (std::isnan(before) || place > before) worst = point - 1;
  }
  return worst;
}

}  // namespace grapevine
