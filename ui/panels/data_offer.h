// The line above the form that offers to fetch the chosen data set when it is not on this machine; hidden
// otherwise. The download runs on a thread of its own. The window's thread only.
#pragma once

#include <QWidget>
#include <atomic>
#include <mutex>
#include <string>

#include "engine/session/progress.h"
#include "ui/panels/background.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTimer;

namespace grapevine {

/// Are the files of this data set on this machine? `dir` as data.dir.
bool is_data_there(const std::string& name, const std::string& dir);

class DataOffer : public QWidget {
  Q_OBJECT

 public:
  explicit DataOffer(QWidget* parent = nullptr);
  /// Stops a download that is under way; what has arrived is kept for the next time.
  ~DataOffer() override;

  /// The experiment's data.name and data.dir. Does not follow them while a download is under way.
  void set_data(const std::string& name, const std::string& dir);
  bool fetching() const { return fetching_; }

 Q_SIGNALS:
  void arrived();  ///< the data set is there now

 private:
  void look();
  void begin();
  void stop();
  void finish(const QString& error);
  void show_progress();

  std::string name_, dir_;  ///< as the form has them
  std::string fetched_;     ///< the data set under way
  bool fetching_ = false;
  std::atomic<bool> stop_ = false;
  bool stopped_ = false;  ///< the download ended because it was asked to; written before its end is delivered
  std::mutex mutex_;      ///< guards now_
  WorkProgress now_;
  QLabel* words_;
  QProgressBar* bar_;
  QPushButton* button_;
  QTimer* timer_;
  Background background_;
};

}  // namespace grapevine
