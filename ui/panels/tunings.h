// Searches of one setting that the window has begun (plans/tuning.h): first what is searched is queued, and
// once nothing of it is missing the chosen values with the other seeds. They are kept in a file, so that a
// search whose training takes days continues after the window was closed. The window's thread only.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/launch/tuning_result.h"
#include "engine/runs/run_queue.h"

namespace grapevine {

class Background;
class QueueStore;

/// A search and what the database has of it.
struct TuningReport {
  std::string group;  ///< of its runs
  OrderedTuning ordered;
  std::vector<CellResult> cells;
  std::vector<int> chosen;  ///< as far as is known by now
  bool search_over = false;
};

class Tunings : public QObject {
  Q_OBJECT

 public:
  /// `folder`: where they are kept; "" = nowhere. The queue stays the caller's.
  Tunings(QueueStore* queue, const std::string& folder, QObject* parent = nullptr);
  ~Tunings() override;

  /// Queues what is missing of the search, in the queue's database. The same sweep again, as with more
  /// values, takes the place of the one before.
  void begin(const TuningOrder& order);
  /// Whether the runs of this group are those of a search in the queue's database.
  bool knows(const std::string& group) const;
  /// Reads what came of it, and says so by result_read().
  void read(const std::string& group);

 Q_SIGNALS:
  void begun();
  void result_read(const std::shared_ptr<const grapevine::TuningReport>& report);
  void trouble(const QString& sentence);

 private:
  struct Kept {
    TuningOrder order;
    bool continued = false;             ///< the chosen values were queued
    int awaited = 0;                    ///< which entries are on their way into the queue; 0 = none
    std::vector<std::string> hopeless;  ///< plans of entries that failed
    std::string looked;  ///< the states of its entries when it was looked whether the search is over
  };
  /// A database and a group.
  using Key = std::pair<std::string, std::string>;
  using Answer = std::shared_ptr<TuningReport>;
  Key key_of_group(const std::string& group) const;
  void ask(const TuningOrder& order, std::vector<std::string> hopeless,
           std::function<void(const Answer&)> then);
  void follow(const std::vector<QueueEntry>& entries);
  /// `goes_on`: the training that ran out of entries is started again.
  void queue_chosen(const Key& key, const TuningReport& report, bool goes_on);
  /// Nothing of the search is queued or chosen until they are there; `then` only if they got there.
  void queue_cells(const Key& key, const TuningReport& report, const std::vector<std::size_t>& which,
                   std::function<void()> then);
  void load();
  void save();

  QueueStore* queue_;
  std::string file_;
  std::map<Key, Kept> kept_;
  int last_awaited_ = 0;
  Background* background_;
};

}  // namespace grapevine
