// What can be an axis of a sweep's figure: a setting that was varied, as numbers where its values are some,
// else as the values in their order. Pure; any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <set>
#include <vector>

#include "engine/runs/comparison.h"

namespace grapevine {

struct SweepAxis {
  enum class Kind {
    numbers,
    lists,    ///< as widths of layers, where no one number tells them apart
    choices,  ///< names
  };
  std::size_t key = 0;  ///< of Comparison::keys
  Kind kind = Kind::numbers;
  QString title;
  /// By group: its number, or the place of its value among `names`. NaN: the setting means nothing to the
  /// group, which is at every value.
  std::vector<double> of_group;
  QStringList names;  ///< of lists and choices, in their order

  std::set<double> values() const;
  /// Those at which the group is.
  std::set<double> of(std::size_t group) const;
  QString text(double value) const;
};

/// Of each key with two values or more: numbers first, then lists, then choices; of one kind that with the
/// most values first.
/// A list of numbers counts by its width where each of its lists is as long and of one width, and by its
/// depth where all have the same width: only then a number says all of it.
std::vector<SweepAxis> sweep_axes(const Comparison& all);

/// A setting's value as people read it, with brackets around a list.
QString swept_text(const RunKey& key, const RunCell& cell);
/// "GrAPE, hidden [16, 16], lr 0.01": what tells a group apart next to the keys left out; "" where nothing
/// does.
QString name_beside(const Comparison& all, const RunGroup& group, const std::vector<std::size_t>& left_out);

}  // namespace grapevine
