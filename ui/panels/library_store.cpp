// The run library's way to the database.
#include "ui/panels/library_store.h"

#include <QDateTime>
#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "ui/panels/background.h"

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

LibraryStore::LibraryStore(QObject* parent)
    : QObject(parent), side_(std::make_shared<Side>()), background_(new Background(this)) {}

LibraryStore::~LibraryStore() = default;

void LibraryStore::set_database(const QString& file) {
  database_ = file;
  seen_mark_.clear();
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
  if (file_mark() != seen_mark_) refresh();
}

void LibraryStore::refresh() {
  if (database_.isEmpty()) return;
  if (std::exchange(refreshing_, true)) {
    again_ = true;
    return;
  }
  seen_mark_ = file_mark();
  auto runs = std::make_shared<std::vector<RunSummary>>();
  background_->run(
      [runs, side = side_, file = database_.toStdString()] {
        // A file that isn't there yet is an empty library, no error.
        if (database_exists(file))
          *runs = side->open(file).list();
        else
          side->reader.reset();
      },
      [this, runs](const QString& error) {
        refreshing_ = false;
        if (error.isEmpty())
          Q_EMIT listed(*runs);
        else
          Q_EMIT trouble(error);
        if (std::exchange(again_, false)) refresh();
      });
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

void LibraryStore::load(std::vector<std::int64_t> ids, bool whole_race, Loaded then) {
  auto runs = std::make_shared<std::vector<RunData>>();
  background_->run(
      [runs, ids = std::move(ids), whole_race, side = side_, file = database_.toStdString()] {
        RunReader& reader = side->open(file);
        std::vector<std::int64_t> wanted;
        for (const std::int64_t id : ids)
          for (const std::int64_t each : whole_race ? reader.race_of(id) : std::vector<std::int64_t>{id})
            if (std::find(wanted.begin(), wanted.end(), each) == wanted.end()) wanted.push_back(each);
        for (const std::int64_t id : wanted) runs->push_back(reader.load(id));
      },
      [this, runs, then = std::move(then)](const QString& error) {
        if (error.isEmpty())
          then(std::move(*runs));
        else
          Q_EMIT trouble(error);
      });
}

void LibraryStore::change(std::function<void(RunEditor&)> edit) {
  background_->run(
      [edit = std::move(edit), file = database_.toStdString()] {
        RunEditor editor(file);
        edit(editor);
      },
      [this](const QString& error) {
        if (!error.isEmpty()) Q_EMIT trouble(error);
        refresh();  // also after an error: the table shows what is stored, not what was typed
      });
}

void LibraryStore::set_name(std::int64_t id, const QString& name) {
  change([id, text = name.toStdString()](RunEditor& editor) { editor.set_name(id, text); });
}

void LibraryStore::set_tags(std::int64_t id, const QString& tags) {
  change([id, text = tags.toStdString()](RunEditor& editor) { editor.set_tags(id, text); });
}

void LibraryStore::set_notes(std::int64_t id, const QString& notes) {
  change([id, text = notes.toStdString()](RunEditor& editor) { editor.set_notes(id, text); });
}

void LibraryStore::remove(const std::vector<std::int64_t>& ids) {
  change([ids](RunEditor& editor) { editor.remove(ids); });
}

void LibraryStore::restore(const std::vector<std::int64_t>& ids) {
  change([ids](RunEditor& editor) { editor.restore(ids); });
}

}  // namespace grapevine
