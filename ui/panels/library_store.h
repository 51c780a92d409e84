// The run library's way to the database: lists, loads and changes runs beside the window's thread, so that a
// large or a locked database never stops the window. Public functions and signals: the window's thread.
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/runs/run_data.h"
#include "engine/runs/run_reader.h"

namespace grapevine {

class Background;

class LibraryStore : public QObject {
  Q_OBJECT

 public:
  explicit LibraryStore(QObject* parent = nullptr);
  ~LibraryStore() override;

  /// Changes the file; the list follows.
  void set_database(const QString& file);
  const QString& database() const { return database_; }

  /// Reads the list again. Calls while one is under way are merged.
  void refresh();
  /// As refresh(), but only if the file has changed since the last reading.
  void refresh_if_changed();
  /// Says once, at the start, which runs were cut off.
  void mark_interrupted();

  using Loaded = std::function<void(std::vector<RunData>)>;
  /// `whole_race`: with all racers of each one's race.
  void load(std::vector<std::int64_t> ids, bool whole_race, Loaded then);

  void set_name(std::int64_t id, const QString& name);
  void set_tags(std::int64_t id, const QString& tags);
  void set_notes(std::int64_t id, const QString& notes);
  void remove(const std::vector<std::int64_t>& ids);
  void restore(const std::vector<std::int64_t>& ids);

 Q_SIGNALS:
  void listed(const std::vector<grapevine::RunSummary>& runs);
  void trouble(const QString& sentence);
  void interrupted_found(int count);

 private:
  struct Side;  ///< what the other thread alone touches
  void change(std::function<void(RunEditor&)> edit);
  QString file_mark() const;

  QString database_;
  QString seen_mark_;
  std::shared_ptr<Side> side_;
  Background* background_;
  bool refreshing_ = false;
  bool again_ = false;
};

}  // namespace grapevine
