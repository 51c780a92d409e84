// What the figures show: the run in progress, or stored ones that were opened instead, and ticked runs
// over them. The window's thread only.
#pragma once

#include <QObject>
#include <QStringList>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/aggregate.h"
#include "engine/runs/run_data.h"

namespace grapevine {

/// A stored run as it was shown, to be shown again.
struct KeptRun {
  std::int64_t id = 0;
  std::string uuid;
  bool overlaid = false;
  bool operator==(const KeptRun&) const = default;
};

/// Several runs drawn as one.
struct ShownGroup {
  QString label;
  MeanView mean;
};

class ShownRuns : public QObject {
  Q_OBJECT

 public:
  explicit ShownRuns(QObject* parent = nullptr);

  void set_live(std::vector<RunView> runs, const QStringList& labels);
  void open_stored(std::vector<RunData> runs);
  void back_to_live();
  bool shows_stored() const { return !opened_.empty(); }
  bool has_live() const { return !live_.empty(); }

  void add_overlay(RunData run);
  void add_overlays(std::vector<RunData> runs);
  void remove_overlay(std::int64_t id);
  void remove_overlays(const std::vector<std::int64_t>& ids);
  void clear_overlays();
  /// In place of those before; they come after all runs.
  void set_groups(std::vector<ShownGroup> groups);
  bool has_groups() const { return !groups_.empty(); }
  bool has_overlay(std::int64_t id) const { return overlays_.contains(id); }
  /// A user chose a colour for a stored run, or its rule's own again.
  void set_colour(std::int64_t id, const std::optional<std::uint32_t>& chosen);
  /// Removes the run wherever it is shown (it was deleted).
  void forget(std::int64_t id);

  /// The run that was opened, or the live one: its racers without what is laid over them.
  const std::vector<RunView>& in_front() const { return opened_.empty() ? live_ : opened_; }
  const QStringList& labels_in_front() const { return opened_.empty() ? live_labels_ : opened_labels_; }
  std::vector<std::int64_t> overlaid() const;  ///< ids of the runs laid over it
  std::vector<KeptRun> kept() const;           ///< what is shown and stored
  std::vector<RunView> runs() const;
  std::vector<QString> labels() const;
  /// What runs() that are groups are the means of, nullptr for others.
  std::vector<MeanView> means() const;

 Q_SIGNALS:
  void changed();

 private:
  std::vector<RunView> live_;
  QStringList live_labels_;
  std::vector<RunView> opened_;
  QStringList opened_labels_;
  bool opened_race_ = false;  ///< whose racers may have names of their own
  std::vector<RunView> single_runs() const;
  std::map<std::int64_t, RunView> overlays_;
  std::vector<ShownGroup> groups_;
};

/// The name of a stored run among others: its rule, or in a race what distinguishes the racers.
QStringList labels_of_stored(const std::vector<RunView>& runs);
/// The same for runs that belong to no race: the rule, then whatever settings differ between them ("GrAPE ·
/// lr 0.01, seed 3"), the run's number where nothing does.
QStringList labels_that_differ(const std::vector<RunView>& runs);

}  // namespace grapevine
