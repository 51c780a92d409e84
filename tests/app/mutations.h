// What a stranger, or a broken disk, might have done to a database, one thing after another; for the tests of
// both programs.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <iterator>
#include <random>

/// Every file below `folder` but the database and what lies next to it under its name. Of pipes and links to
/// nowhere only that they are there.
inline QMap<QString, QByteArray> surroundings(const QString& folder, const QString& database) {
  QMap<QString, QByteArray> all;
  QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
  while (files.hasNext()) {
    QFile file(files.next());
    if (file.fileName().startsWith(database)) continue;
    const bool is_read = files.fileInfo().isFile() && file.open(QIODevice::ReadOnly);
    all[file.fileName()] = is_read ? file.readAll() : QByteArray();
  }
  return all;
}

class Mutations {
 public:
  /// Flips bits, or writes values where they don't belong.
  void change(const QString& database) {
    if (any(2) == 0)
      flip_bits(database);
    else
      write_values(database);
  }

 private:
  std::size_t any(std::size_t count) { return random_() % count; }

  void flip_bits(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite)) qFatal("can't open the copy");
    for (std::size_t flips = 1 + any(30); flips > 0; --flips) {
      const qint64 at = static_cast<qint64>(any(static_cast<std::size_t>(file.size())));
      file.seek(at);
      char byte = 0;
      file.getChar(&byte);
      file.seek(at);
      file.putChar(static_cast<char>(byte ^ (1 << any(8))));
    }
  }

  void write_values(const QString& path) {
    static const char* const values[] = {"NULL",
                                         "''",
                                         "'../victim'",
                                         "'/etc/passwd'",
                                         "-1",
                                         "9223372036854775807",
                                         "1e308",
                                         "-1e308",
                                         "x'00ff1b5b'",
                                         "char(27) || '[2J'",
                                         "replace(hex(zeroblob(20000)), '00', '[')",
                                         "replace(hex(zeroblob(500000)), '00', 'long ')",
                                         "'{\"a\": '",
                                         "'running'"};
    static const char* const columns[] = {
        "runs.uuid",        "runs.name",           "runs.status",      "runs.started",     "runs.rule",
        "runs.experiment",  "runs.steps",          "runs.epochs",      "runs.seconds",     "runs.group_uuid",
        "runs.group_kind",  "runs.group_position", "runs.colour",      "runs.seed",        "series.measure",
        "series.point",     "series.run",          "samples.step",     "samples.value",    "samples.epoch",
        "events.kind",      "events.cause",        "events.data",      "events.step",      "events.run",
        "commands.command", "commands.value",      "checkpoints.file", "checkpoints.size", "checkpoints.step",
        "meta.value"};
    for (std::size_t changes = 1 + any(3); changes > 0; --changes) {
      const QStringList column = QString(columns[any(std::size(columns))]).split('.');
      const QString sql =
          QString(
              "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; UPDATE OR IGNORE "
              "%1 SET %2 = %3")
              .arg(column[0], column[1], values[any(std::size(values))]);
      try {
        SQLite::Database(path.toStdString(), SQLite::OPEN_READWRITE).exec(sql.toUtf8().constData());
      } catch (const SQLite::Exception&) {
        // Such a value has no place in this column.
      }
    }
  }

  std::mt19937 random_{20261128};  ///< the same ones every time
};
