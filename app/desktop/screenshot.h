// `grapevine --screenshot`: runs the experiment for so many steps, paints, writes the picture of the whole
// window and ends the program. Never waits for the window to become active. The window's thread only.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <cstdint>
#include <functional>

namespace grapevine {

class MainWindow;

class Screenshot : public QObject {
  Q_DECLARE_TR_FUNCTIONS(grapevine::Screenshot)

 public:
  Screenshot(MainWindow* window, QString file, std::int64_t steps, QObject* parent = nullptr);
  /// Starts the run; quits the application with 0, or after a message on standard error with 1 or 2.
  void start();
  /// Brings what the picture is to show to the front, when the steps are done; may be empty.
  std::function<void()> show_view;
  /// The layer that inspector or slow motion was asked for; 0 = none. Where the network has fewer there is no
  /// picture.
  int layer = 0;

 private:
  void look();
  void settle();
  void paint();
  QString missing_layer() const;
  void fail(const QString& sentence, int status);
  void leave(int status);

  MainWindow* window_;
  QString file_;
  std::int64_t steps_;
  QTimer settle_;
  QElapsedTimer settling_;
  bool taken_ = false;
  int status_ = 0;
};

}  // namespace grapevine
