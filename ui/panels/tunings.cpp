#include "ui/panels/tunings.h"

#include <QPointer>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/files/careful_file.h"
#include "engine/files/whole_file.h"
#include "engine/launch/queueing.h"
#include "ui/panels/background.h"
#include "ui/panels/queue_store.h"

namespace grapevine {
namespace {

/// The cells among these plans of entries.
std::vector<std::size_t> cells_of_plans(const Sweep& sweep, const std::vector<std::string>& plans) {
  std::vector<std::size_t> cells;
  if (plans.empty()) return cells;
  const std::vector<std::string> all = queued_sweep(sweep).plans;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::find(plans.begin(), plans.end(), all[i]) != plans.end()) cells.push_back(i);
  return cells;
}

std::shared_ptr<TuningReport> report_on(const TuningOrder& order, const std::string& database,
                                        const std::vector<std::string>& hopeless) {
  OrderedTuning ordered = make_tuning(order);
  std::vector<CellResult> cells = read_cells(database, ordered.sweep);
  std::vector<int> chosen = chosen_values(ordered.tuning, cells);
  const bool over = search_is_over(ordered.tuning, cells, cells_of_plans(ordered.sweep, hopeless));
  std::string group = ordered.sweep.uuid;
  return std::make_shared<TuningReport>(
      TuningReport{std::move(group), std::move(ordered), std::move(cells), std::move(chosen), over});
}

}  // namespace

Tunings::Tunings(QueueStore* queue, const std::string& folder, QObject* parent)
    : QObject(parent),
      queue_(queue),
      file_(folder.empty() ? "" : folder + "/searches.json"),
      background_(new Background(this)) {
  load();
  connect(queue_, &QueueStore::listed, this, &Tunings::follow);
}

Tunings::~Tunings() = default;

Tunings::Key Tunings::key_of_group(const std::string& group) const {
  return {queue_->database().toStdString(), group};
}

bool Tunings::knows(const std::string& group) const {
  return kept_.contains(key_of_group(group));
}

void Tunings::ask(const TuningOrder& order, std::vector<std::string> hopeless,
                  std::function<void(const Answer&)> then) {
  auto answer = std::make_shared<Answer>();
  const std::string database = queue_->database().toStdString();
  background_->run([answer, order, hopeless = std::move(hopeless),
                    database] { *answer = report_on(order, database, hopeless); },
                   [this, answer, then = std::move(then), database](const QString& error) {
                     if (!error.isEmpty()) return Q_EMIT trouble(error);
                     if (database == queue_->database().toStdString()) then(*answer);
                   });
}

void Tunings::begin(const TuningOrder& order) {
  ask(order, {}, [this, order](const Answer& report) {
    const Key key = key_of_group(report->group);
    kept_[key] = Kept{order, false, 0, {}, ""};
    save();
    const std::vector<std::size_t> searched =
        missing_of(report->ordered.tuning.search_cells(), report->cells);
    if (searched.empty())
      queue_chosen(key, *report, false);
    else
      queue_cells(key, *report, searched, [] {});
    Q_EMIT begun();
  });
}

void Tunings::read(const std::string& group) {
  const auto kept = kept_.find(key_of_group(group));
  if (kept == kept_.end()) return;
  ask(kept->second.order, kept->second.hopeless,
      [this](const Answer& report) { Q_EMIT result_read(report); });
}

/// Where nothing of a search waits any more, the chosen values are next. It is looked once for each change of
/// its entries: what was skipped may be missing for long.
void Tunings::follow(const std::vector<QueueEntry>& entries) {
  for (auto& [key, kept] : kept_) {
    if (key.first != queue_->database().toStdString()) continue;
    std::string states = "seen";
    kept.hopeless.clear();
    bool busy = false;
    for (const QueueEntry& entry : entries) {
      if (entry.group_uuid != key.second) continue;
      states += " " + std::to_string(entry.id) + entry.state.text();
      busy = busy || entry.state == QueueState::waiting || entry.state == QueueState::running;
      if (entry.state == QueueState::failed) kept.hopeless.push_back(entry.plan);
    }
    if (kept.continued || kept.awaited != 0 || busy || states == kept.looked) continue;
    kept.looked = states;
    ask(kept.order, kept.hopeless, [this, key = key](const Answer& report) {
      if (report->search_over) queue_chosen(key, *report, true);
    });
  }
}

/// They count as queued once they are: a disk that is full today is not tomorrow.
void Tunings::queue_chosen(const Key& key, const TuningReport& report, bool goes_on) {
  const auto kept = kept_.find(key);
  if (kept == kept_.end() || kept->second.continued || kept->second.awaited != 0) return;
  const std::vector<std::size_t> which =
      missing_of(chosen_cells(report.ordered.tuning, report.chosen), report.cells);
  if (which.empty()) {
    kept->second.continued = true;
    return save();
  }
  queue_cells(key, report, which, [this, key, goes_on] {
    kept_[key].continued = true;
    save();
    if (goes_on && key.first == queue_->database().toStdString()) queue_->go_further();
  });
}

void Tunings::queue_cells(const Key& key, const TuningReport& report, const std::vector<std::size_t>& which,
                          std::function<void()> then) {
  Queued queued = queued_cells(report.ordered.sweep, which);
  queued.once = true;
  const int number = ++last_awaited_;
  kept_[key].awaited = number;
  queue_->add_and_tell(std::move(queued),
                       [self = QPointer(this), key, number, then = std::move(then)](bool there) {
                         if (!self) return;
                         Kept& kept = self->kept_[key];
                         if (kept.awaited != number) return;  // the search was begun again meanwhile
                         kept.awaited = 0;
                         if (there) then();
                       });
}

void Tunings::load() {
  if (file_.empty() || !std::filesystem::exists(file_)) return;
  try {
    const std::optional<std::string> text = whole_file(file_);
    if (!text || is_too_deep(*text)) return;
    const auto all = nlohmann::json::parse(*text, nullptr, false);
    if (!all.is_array()) return;
    for (const auto& one : all)
      kept_[{one.at("database").get<std::string>(), one.at("group").get<std::string>()}] =
          Kept{{one.at("document").get<std::string>(), one.at("key").get<std::string>()},
               one.at("continued").get<bool>(),
               0,
               {},
               ""};
  } catch (const nlohmann::json::exception&) {
    kept_.clear();  // somebody else wrote the file
  } catch (const Error&) {
    kept_.clear();  // it is too large to be ours
  }
}

void Tunings::save() {
  if (file_.empty()) return;
  auto all = nlohmann::json::array();
  for (const auto& [key, kept] : kept_)
    all.push_back({{"database", key.first},
                   {"group", key.second},
                   {"document", kept.order.document},
                   {"key", kept.order.key},
                   {"continued", kept.continued}});
  try {
    write_carefully(file_, all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } catch (const Error&) {
    // A read-only configuration folder forgets, no more.
  }
}

}  // namespace grapevine
