// The stage's geometry.
#include "ui/scope/figures/stage_layout.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

// As drawn for a window of 1600 × 1000, in logical pixels.
constexpr double kMargin = 24;
constexpr double kFoldMargin = 50;  ///< "54–55" is left of the first column …
constexpr double kNarrow = 110;     ///< … where that leaves columns so much
constexpr double kHeadline = 70;    ///< a sentence and two lines beneath it
constexpr double kHeader = 46;
constexpr double kOutputHeight = 32;
constexpr double kInputHeight = 26;
constexpr double kFootHeight = 58;
constexpr double kDenseFootHeight = 44;
constexpr double kPitch = 112;
constexpr double kBoxShare = 0.75;  ///< of a row; the rest is the gap
constexpr double kColumnWidth = 322;
constexpr double kColumnGap = 14;
constexpr double kRadius = 46;
constexpr double kLeftLane = 20;
constexpr double kLeastLanes = 0.85;  ///< of the lanes' distances as drawn, where columns are wide
constexpr double kErrorBeyond = 6;    ///< a narrow column, where its gap is
constexpr double kTogether = 0.6;     ///< of the gap that is left between the layers of a residual block

int depth_of(const StageData& data) {
  std::size_t most = 0;
  for (const StageColumn& column : data.columns) most = std::max(most, column.dials.size());
  return static_cast<int>(most);
}

/// For what runs along a column's left side; of a narrow column only a share.
double left_room(double column_width) {
  return std::min(kLeftLane, std::round(column_width * 0.15));
}

void place_lanes(ColumnPlace& place, const StageColumn& column, const StageLayout& layout, double pivot_x) {
  // Low rows don't push the lanes together: the ratios of lengths are between them.
  const double scale = layout.dense ? layout.scale : std::max(layout.scale, kLeastLanes);
  place.lane = pivot_x + layout.radius + std::max(18.0, 36 * scale);
  const auto arcs = static_cast<double>(std::max<std::size_t>(place.dials.size(), 1));
  const double room = place.area.right() - 8 - place.lane;
  place.lane_step = arcs > 1 ? std::clamp(room / (arcs - 1), 1.0, 24 * scale) : 0;
  const bool left = column.route == FeedbackRoute::input || column.route == FeedbackRoute::forward ||
                    column.route == FeedbackRoute::local;
  place.left_lane = left ? place.area.x + left_room(place.area.width) / 2 - 2 : 0;
}

struct Measures {
  double top = 0, pitch = 0, box_width = 0, gap = 0, pivot_gap = 0;
};

/// The layers of a block move together, and a line goes around them.
void group_blocks(const StageColumn& column, const Measures& m, ColumnPlace& place) {
  for (const StageBlock& block : column.blocks) {
    DialPlace *lowest = nullptr, *highest = nullptr;
    for (DialPlace& dial : place.dials) {
      if (dial.last < block.first || dial.first > block.last) continue;
      if (!lowest) lowest = &dial;
      highest = &dial;
    }
    if (!lowest) continue;
    const int rows = highest->row - lowest->row;
    if (rows == 0 && lowest->folded()) continue;  // the fold is all of it
    for (DialPlace* dial = lowest; dial <= highest && rows > 0; ++dial) {
      // From the middle of the block each moves by its distance in rows.
      const double from_middle = dial->row - (lowest->row + highest->row) / 2.0;
      const double by = std::round(from_middle * m.gap * (1 - kTogether));
      dial->box.y += by;
      dial->pivot.y += by;
    }
    const double out = std::min(4.0, m.gap * kTogether / 2);
    const Rect around = {lowest->box.x, highest->box.y - out, lowest->box.width,
                         lowest->box.bottom() + out - highest->box.y + out};
    place.skips.push_back(around);
  }
}

ColumnPlace place_column(const StageColumn& column, const StageLayout& layout, const Rect& area,
                         const Measures& m, int depth) {
  ColumnPlace place;
  place.area = area;
  const bool left = column.route == FeedbackRoute::input || column.route == FeedbackRoute::forward ||
                    column.route == FeedbackRoute::local;
  const double box_x = std::round(area.x + (left ? left_room(area.width) : 0));
  const double box_width = std::round(m.box_width);
  const double pivot_x = std::round(box_x + m.box_width + m.pivot_gap);
  place.output = {box_x, std::round(m.top), box_width, kOutputHeight};
  const double error_width = std::clamp(area.right() + kErrorBeyond - pivot_x, 16.0, 30.0);
  place.error = {pivot_x - 1, place.output.y - 1, error_width, kOutputHeight + 2};
  const double first_row = m.top + kOutputHeight + m.gap;
  const int rows = static_cast<int>(layout.rows.size());
  const int points = static_cast<int>(column.dials.size());
  for (int r = 0; r < rows; ++r) {
    DialPlace dial;
    dial.row = r;
    for (const StageDial& each : column.dials) {
      const int slot = slot_of(each.point, points, depth);
      if (slot < layout.rows[static_cast<std::size_t>(r)].first ||
          slot > layout.rows[static_cast<std::size_t>(r)].last)
        continue;
      if (dial.first == 0) dial.first = each.point;
      dial.last = each.point;
    }
    if (dial.first == 0) continue;
    const double y = first_row + m.pitch * (rows - 1 - r);
    const double bottom = y + m.pitch * kBoxShare;
    dial.box = {box_x, std::round(y), box_width, std::max(2.0, std::round(bottom) - std::round(y))};
    dial.pivot = {pivot_x, dial.box.centre().y};
    place.dials.push_back(dial);
  }
  group_blocks(column, m, place);
  place.input = {std::round(place.output.centre().x), std::round(first_row + m.pitch * rows - m.gap)};
  place_lanes(place, column, layout, pivot_x);
  return place;
}

}  // namespace

StageLayout lay_out_stage(const Rect& area, const StageData& data, std::optional<StageRow> open) {
  StageLayout layout;
  layout.area = area;
  const int depth = std::max(depth_of(data), 1);
  const auto count = static_cast<double>(std::max<std::size_t>(data.columns.size(), 1));
  const auto width_behind = [&](double left) {
    return std::min((area.width - left - kMargin - (count - 1) * kColumnGap) / count, kColumnWidth * 1.15);
  };
  double left = kMargin;
  double width = width_behind(left);
  layout.dense = depth >= kStripsFrom || width < 236;
  layout.header_top = area.y + kHeadline;
  Measures m;
  m.top = layout.header_top + kHeader;
  const double foot = layout.dense ? kDenseFootHeight : kFootHeight;
  const double below = area.bottom() - kInputHeight - foot;
  const double room = std::max(20.0, below - m.top - kOutputHeight);
  const int most = static_cast<int>(room * kBoxShare / kFoldBelow);
  layout.rows =
      split_folds(fold_rows(data, depth, most, open),
                  static_cast<std::size_t>(std::clamp(most, 1, kStripsFrom - 1)), blocks_of(data, depth));
  layout.folds = std::any_of(layout.rows.begin(), layout.rows.end(), [](auto& row) { return row.folded(); });
  if (layout.folds && width_behind(kFoldMargin) >= kNarrow) width = width_behind(left = kFoldMargin);
  m.pitch = std::min(room / static_cast<double>(layout.rows.size()), kPitch * 1.2);
  m.gap = m.pitch * (1 - kBoxShare);
  const double box_height = m.pitch * kBoxShare;
  layout.strips = static_cast<int>(layout.rows.size()) >= kStripsFrom;
  layout.words = box_height < kWordsUntil || layout.strips ? BoxWords::none
                 : box_height < 40                         ? BoxWords::line
                                                           : BoxWords::full;
  layout.scale = std::clamp(std::min(width / kColumnWidth, m.pitch / kPitch), 0.2, 1.15);
  layout.radius = std::min({kRadius * 1.15, m.pitch * 0.43, width * 0.14});
  m.box_width = std::clamp(width * 0.37, 40.0, 130.0);
  m.pivot_gap = std::clamp(16 * layout.scale, 7.0, 18.0);
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    const double x = std::round(area.x + left + static_cast<double>(i) * (width + kColumnGap));
    layout.columns.push_back(place_column(
        data.columns[i], layout, {x, layout.header_top, width, area.bottom() - layout.header_top}, m, depth));
  }
  layout.foot_top = m.top + kOutputHeight + m.pitch * static_cast<double>(layout.rows.size()) + kInputHeight;
  return layout;
}

std::optional<StageLayout::Hit> StageLayout::dial_at(Point at) const {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    for (std::size_t d = 0; d < columns[c].dials.size(); ++d) {
      const DialPlace& dial = columns[c].dials[d];
      const double top = std::min(dial.box.y, dial.pivot.y - radius);
      const double bottom = std::max(dial.box.bottom(), dial.pivot.y + radius);
      const Rect reach = {dial.box.x, top, dial.pivot.x + radius + 8 - dial.box.x, bottom - top};
      if (reach.contains(at)) return Hit{static_cast<int>(c), static_cast<int>(d)};
    }
  }
  return std::nullopt;
}

std::optional<int> StageLayout::column_at(Point at) const {
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (columns[c].area.contains(at)) return static_cast<int>(c);
  return std::nullopt;
}

}  // namespace grapevine
