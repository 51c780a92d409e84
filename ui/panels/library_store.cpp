// The run library's way to the database.
#include "ui/panels/library_store.h"

#include <QDateTime>
#include <QFileInfo>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/files/careful_file.h"
#include "engine/runs/export.h"
#include "engine/runs/export_formats.h"
#include "engine/runs/run_file.h"
#include "engine/session/interruption.h"
#include "engine/session/progress.h"
#include "ui/panels/background.h"
#include "ui/panels/stored_sweeps.h"
#include "ui/panels/terminal_export.h"

namespace grapevine {

struct LibraryStore::Side {
  std::string file;
  std::unique_ptr<RunReader> reader;

  RunReader& open(const std::string& wanted) {
    if (!reader || file != wanted) {
      reader.reset();
      reader = std::make_unique<RunReader>(wanted);
      file = wanted;
    }
    return *reader;
  }
};

struct LibraryStore::Reading {
  std::shared_ptr<const std::vector<RunKey>> keys;
  bool whole = true;
  std::vector<std::int64_t> known;     ///< ids listed before, where not all are to be read
  std::vector<std::int64_t> going_on;  ///< of them
  QElapsedTimer clock;
  // What the other thread fills.
  std::optional<std::vector<std::int64_t>> left;  ///< to be read, the next one last
  std::vector<RunRow> rows;                       ///< of the last piece
  std::vector<RunSummary> read;                   ///< of all pieces
};

namespace {

/// The first piece fills a screen.
constexpr std::size_t first_piece = 200, next_piece = 2000;
/// A list is read whole for so small a part of the time.
constexpr qint64 rest_for_a_reading = 20;

/// New runs and those in progress; nothing where others are gone, or it is not known.
std::optional<std::vector<std::int64_t>> changing_ids(const std::vector<std::int64_t>& now,
                                                      const std::vector<std::int64_t>& known,
                                                      const std::vector<std::int64_t>& going_on) {
  if (now.size() < known.size() || !std::equal(known.begin(), known.end(), now.begin())) return std::nullopt;
  std::vector<std::int64_t> ids = going_on;
  ids.insert(ids.end(), now.begin() + static_cast<std::ptrdiff_t>(known.size()), now.end());
  return ids;
}

}  // namespace

LibraryStore::LibraryStore(QObject* parent)
    : QObject(parent),
      side_(std::make_shared<Side>()),
      background_(new Background(this)),
      terminal_(new TerminalExport(this)),
      keys_(std::make_shared<const std::vector<RunKey>>()) {
  connect(background_, &Background::idled, this, &LibraryStore::idled);
  connect(terminal_, &TerminalExport::written, this, &LibraryStore::exported);
  connect(terminal_, &TerminalExport::trouble, this, &LibraryStore::trouble);
  connect(terminal_, &TerminalExport::ended, this, &LibraryStore::idled);
}

LibraryStore::~LibraryStore() {
  stop_all_comparing();  // they would hold up the end
}

void LibraryStore::stop() {
  stop_all_comparing();
  background_->stop();
  terminal_->stop();
}

bool LibraryStore::idle() const {
  return background_->idle();
}

bool LibraryStore::writing() const {
  return !writing_.expired() || terminal_->at_work();
}

void LibraryStore::set_program(const QString& file) {
  terminal_->set_program(file);
}

void LibraryStore::set_database(const QString& file) {
  database_ = file;
  seen_mark_.clear();
  runs_.clear();
  refresh();
}

void LibraryStore::set_keys(const std::vector<RunKey>& keys) {
  if (keys == *keys_) return;
  keys_ = std::make_shared<const std::vector<RunKey>>(keys);
  refresh();
}

// The write-ahead log grows with every commit; together the two files' sizes and times tell of any change.
QString LibraryStore::file_mark() const {
  QString mark;
  for (const QString& file : {database_, database_ + QStringLiteral("-wal")}) {
    const QFileInfo info(file);
    mark += QStringLiteral("%1 %2;")
                .arg(info.exists() ? info.size() : -1)
                .arg(info.exists() ? info.lastModified().toMSecsSinceEpoch() : 0);
  }
  return mark;
}

void LibraryStore::refresh_if_changed() {
  if (file_mark() == seen_mark_) return;
  const bool long_ago = !since_whole_.isValid() || since_whole_.elapsed() > rest_for_a_reading * whole_took_;
  begin(long_ago);
}

void LibraryStore::refresh() {
  begin(true);
}

void LibraryStore::begin(bool whole) {
  if (database_.isEmpty()) return;
  if (std::exchange(refreshing_, true)) {
    again_ = again_ || whole;
    return;
  }
  seen_mark_ = file_mark();
  auto reading = std::make_shared<Reading>();
  reading->keys = keys_;
  reading->whole = whole;
  reading->clock.start();
  if (!whole) {
    for (const RunSummary& run : runs_) {
      reading->known.push_back(run.id);
      if (is_going_on(run.status)) reading->going_on.push_back(run.id);
    }
  }
  read_piece(reading);
}

void LibraryStore::read_piece(const std::shared_ptr<Reading>& reading) {
  background_->run(
      [reading, side = side_, file = database_.toStdString()] {
        // A file that isn't there yet is an empty library, no error.
        if (!database_exists(file)) {
          side->reader.reset();
          reading->left.emplace();
          return;
        }
        RunReader& reader = side->open(file);
        const bool first = !reading->left;
        if (first) {
          const std::vector<std::int64_t> all = reader.ids();
          if (!reading->whole) reading->left = changing_ids(all, reading->known, reading->going_on);
          reading->whole = !reading->left;
          if (reading->whole) reading->left = all;
        }
        RunSelection selection;
        selection.columns = *reading->keys;
        const std::size_t size = std::min(first ? first_piece : next_piece, reading->left->size());
        selection.only.assign(reading->left->rbegin(),
                              reading->left->rbegin() + static_cast<std::ptrdiff_t>(size));
        reading->left->resize(reading->left->size() - size);
        if (!selection.only.empty()) reading->rows = reader.rows(selection);
      },
      [this, reading](const QString& error) {
        if (!error.isEmpty() || reading->keys != keys_) {
          refreshing_ = false;
          if (!error.isEmpty()) Q_EMIT trouble(error);
          if (std::exchange(again_, false) || reading->keys != keys_) refresh();
          return;
        }
        take(*reading);
        if (!reading->left->empty()) return read_piece(reading);
        end(*reading);
      });
}

void LibraryStore::take(Reading& reading) {
  for (const RunRow& row : reading.rows) reading.read.push_back(row.summary);
  const LibraryPiece piece{reading.keys, std::exchange(reading.rows, {}),
                           reading.whole && reading.left->empty()};
  Q_EMIT piece_read(piece);
}

void LibraryStore::end(Reading& reading) {
  const auto by_number = [](const RunSummary& one, const RunSummary& other) { return one.id < other.id; };
  std::sort(reading.read.begin(), reading.read.end(), by_number);
  if (reading.whole) {
    runs_ = std::move(reading.read);
    whole_took_ = reading.clock.elapsed();
    since_whole_.start();
  } else {
    for (RunSummary& run : reading.read) {
      const auto place = std::lower_bound(runs_.begin(), runs_.end(), run, by_number);
      if (place != runs_.end() && place->id == run.id)
        *place = std::move(run);
      else
        runs_.insert(place, std::move(run));
    }
  }
  refreshing_ = false;
  Q_EMIT listed(runs_);
  if (std::exchange(again_, false)) refresh();
}

void LibraryStore::mark_interrupted() {
  if (!QFileInfo::exists(database_)) return;
  auto count = std::make_shared<int>(0);
  background_->run(
      [count, file = database_.toStdString()] {
        *count = grapevine::mark_interrupted(file);
        fill_run_values(file);
      },
      [this, count](const QString& error) {
        if (!error.isEmpty()) Q_EMIT trouble(error);
        if (*count > 0) Q_EMIT interrupted_found(*count);
        if (*count > 0) refresh();
      });
}

template <class Answer>
void LibraryStore::ask(std::function<Answer(RunReader&)> question, std::function<void(Answer)> then,
                       std::function<void()> failed) {
  auto answer = std::make_shared<Answer>();
  background_->run(
      [answer, question = std::move(question), side = side_, file = database_.toStdString()] {
        // Without a file there is nothing to report, which is not an error.
        if (side->reader || database_exists(file)) *answer = question(side->open(file));
      },
      [this, answer, then = std::move(then), failed = std::move(failed)](const QString& error) {
        if (error.isEmpty()) return then(std::move(*answer));
        Q_EMIT trouble(error);
        if (failed) failed();
      });
}

void LibraryStore::load(std::vector<std::int64_t> ids, bool whole_race, Loaded then) {
  ask<std::vector<RunData>>(
      [ids = std::move(ids), whole_race](RunReader& reader) {
        std::vector<std::int64_t> wanted;
        for (const std::int64_t id : ids)
          for (const std::int64_t each : whole_race ? reader.race_of(id) : std::vector<std::int64_t>{id})
            if (std::find(wanted.begin(), wanted.end(), each) == wanted.end()) wanted.push_back(each);
        std::vector<RunData> runs;
        for (const std::int64_t id : wanted) runs.push_back(reader.load(id));
        return runs;
      },
      std::move(then));
}

void LibraryStore::sketch(std::vector<std::int64_t> ids, std::function<void(std::vector<CurveSketch>)> then) {
  ask<std::vector<CurveSketch>>([ids = std::move(ids)](RunReader& reader) { return reader.sketches(ids); },
                                std::move(then));
}

void LibraryStore::find_differences(std::vector<std::int64_t> ids,
                                    std::function<void(std::vector<RunKey>)> then) {
  ask<std::vector<RunKey>>([ids = std::move(ids)](RunReader& reader) { return differing_keys(reader, ids); },
                           std::move(then));
}

void LibraryStore::find_cells(std::vector<std::int64_t> ids,
                              std::function<void(std::map<std::int64_t, std::string>)> then) {
  ask<std::map<std::int64_t, std::string>>(
      [ids = std::move(ids)](RunReader& reader) {
        RunSelection selection;
        selection.only = ids;
        selection.experiments = true;
        std::map<std::int64_t, std::string> cells;
        for (const RunRow& row : reader.rows(selection)) cells[row.summary.id] = cell_of(row.experiment);
        return cells;
      },
      std::move(then));
}

void LibraryStore::load_means(std::vector<std::vector<std::int64_t>> groups, Band band,
                              std::function<void(std::vector<MeanView>)> then) {
  ask<std::vector<MeanView>>(
      [groups = std::move(groups), band](RunReader& reader) {
        std::vector<MeanView> means;
        for (const std::vector<std::int64_t>& ids : groups) {
          std::vector<RunView> runs;
          for (const std::int64_t id : ids) runs.push_back(std::make_shared<const RunData>(reader.load(id)));
          means.push_back(std::make_shared<const MeanRun>(mean_run(runs, band)));
        }
        return means;
      },
      std::move(then));
}

void LibraryStore::find_ours(std::vector<PaperCell> cells, std::function<void(std::vector<PaperCell>)> then) {
  if (!database_exists(database_.toStdString())) return then(std::move(cells));
  ask<std::vector<PaperCell>>(
      [cells = std::move(cells)](RunReader& reader) {
        std::vector<PaperCell> found = cells;
        grapevine::find_ours(reader, found);
        return found;
      },
      std::move(then));
}

void LibraryStore::draw_paper(std::string figure, std::vector<PaperCell> cells,
                              std::function<void(std::vector<PaperFigure>)> then) {
  if (!database_exists(database_.toStdString())) return then(paper_figures(figure, cells, nullptr));
  ask<std::vector<PaperFigure>>([figure = std::move(figure), cells = std::move(cells)](
                                    RunReader& reader) { return paper_figures(figure, cells, &reader); },
                                std::move(then));
}

void LibraryStore::compare(const void* asker, ComparisonRequest request, std::function<void(Comparison)> then,
                           std::function<void()> failed) {
  stop_comparing(asker);
  auto stop = std::make_shared<std::atomic<bool>>(false);
  comparing_[asker] = stop;
  ask<std::optional<Comparison>>(
      [request = std::move(request), stop](RunReader& reader) -> std::optional<Comparison> {
        const Interruptible interruptible([stop] { return stop->load(); });
        try {
          interruption_point();
          return compare_runs(reader, request);
        } catch (const WorkStopped&) {
          return std::nullopt;
        }
      },
      [this, asker, then = std::move(then), stop](std::optional<Comparison> found) {
        end_comparing(asker, stop);
        if (found && !stop->load()) then(std::move(*found));
      },
      [this, asker, failed = std::move(failed), stop] {
        end_comparing(asker, stop);
        if (failed && !stop->load()) failed();
      });
}

/// A later question of the same asker stays.
void LibraryStore::end_comparing(const void* asker, const std::shared_ptr<std::atomic<bool>>& stop) {
  if (const auto found = comparing_.find(asker); found != comparing_.end() && found->second == stop)
    comparing_.erase(found);
}

void LibraryStore::stop_comparing(const void* asker) {
  if (const auto found = comparing_.find(asker); found != comparing_.end()) *found->second = true;
}

void LibraryStore::stop_all_comparing() {
  for (const auto& [asker, stop] : comparing_) *stop = true;
}

namespace {

/// Names may come from anywhere: in a text there are no control characters of theirs, and it is UTF-8.
std::string without_controls(const std::string& lines) {
  QString text = QString::fromStdString(lines);
  for (QChar& each : text)
    if (each.category() == QChar::Other_Control && each != QLatin1Char('\n')) each = QLatin1Char('?');
  return text.toStdString();
}

}  // namespace

void LibraryStore::export_runs(std::vector<std::int64_t> ids, const QString& file) {
  const auto to = file.toStdString();
  const ExportFormat* format = export_format_of(to);
  if (!format) {
    QStringList known;
    for (const ExportFormat& each : export_formats()) known << QString::fromStdString(each.name);
    return Q_EMIT trouble(tr("%1: the name says no format; let it end in one of these: %2")
                              .arg(file, known.join(QStringLiteral(", "))));
  }
  const QString ending = QString::fromStdString(format->name);
  if (ending != "csv" && ending != "json" && ending != "run") return terminal_->start(database_, ids, file);
  const auto writing = std::make_shared<const bool>(true);
  writing_ = writing;
  ask<bool>(
      [writing, ids = std::move(ids), ending, to, from = database_.toStdString()](RunReader& reader) {
        if (ending == "run") {
          std::vector<std::string> uuids;
          for (const std::int64_t id : ids) uuids.push_back(reader.summary(id).uuid);
          write_run_file(from, uuids, to, true);
          return true;
        }
        std::vector<RunData> runs;
        for (const std::int64_t id : ids) runs.push_back(reader.load(id));
        write_carefully(to, ending == "csv" ? without_controls(runs_to_csv(runs))
                                            : runs_to_json(runs).dump(
                                                  1, ' ', false, nlohmann::json::error_handler_t::replace));
        return true;
      },
      [this, file](bool) { Q_EMIT exported(file); });
}

void LibraryStore::write_runs(std::vector<std::string> uuids, const QString& file,
                              std::function<void(qint64)> then) {
  auto bytes = std::make_shared<qint64>(0);
  const auto writing = std::make_shared<const bool>(true);
  writing_ = writing;
  background_->run([writing, bytes, uuids = std::move(uuids), from = database_.toStdString(),
                    to = file.toStdString()] { *bytes = write_run_file(from, uuids, to, true); },
                   [this, bytes, then = std::move(then)](const QString& error) {
                     if (!error.isEmpty()) return Q_EMIT trouble(error);
                     then(*bytes);
                   });
}

void LibraryStore::change(std::function<void(RunEditor&)> edit) {
  background_->carry_out(
      [edit = std::move(edit), file = database_.toStdString()] {
        RunEditor editor(file);
        edit(editor);
      },
      [this](const QString& error) {
        if (!error.isEmpty()) Q_EMIT trouble(error);
        refresh();  // also after an error: the table shows what is stored, not what was typed
      });
}

void LibraryStore::remove(const std::vector<std::int64_t>& ids) {
  change([ids](RunEditor& editor) { editor.remove(ids); });
}

void LibraryStore::restore(const std::vector<std::int64_t>& ids) {
  change([ids](RunEditor& editor) { editor.restore(ids); });
}

}  // namespace grapevine
