// Files dropped onto the window, and links: each does what opening it by the menu does, after the same checks
// and with the same messages. Another's database is asked about first, a sweep before it is queued; nothing
// starts by itself. The window's thread only.
#pragma once

#include <QObject>
#include <QStringList>

class QMimeData;

namespace grapevine {

class LibraryStore;
class MainWindow;

class FileDrop : public QObject {
  Q_OBJECT

 public:
  /// The store stays the caller's.
  FileDrop(MainWindow* window, LibraryStore* store);

  void take(const QStringList& files);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void drop(const QMimeData& what);
  void open_one(const QStringList& experiments, const QStringList& lessons);
  void import(const QStringList& files);
  void ask_about(const QStringList& databases);
  void ask_to_queue(const QStringList& sweeps);
  void start_from(const QStringList& parameters);
  void refuse(const QString& sentence);

  MainWindow* window_;
  LibraryStore* store_;
};

}  // namespace grapevine
