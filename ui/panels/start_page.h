// What the window shows when nothing runs: lessons, presets, recent runs, and the way to an experiment of
// one's own. The window's thread only.
#pragma once

#include <QScrollArea>
#include <vector>

#include "engine/runs/run_reader.h"

class QGridLayout;
class QPushButton;
class QVBoxLayout;

namespace grapevine {

class LessonGuide;
class LibraryStore;

class StartPage : public QScrollArea {
  Q_OBJECT

 public:
  StartPage(const LessonGuide* guide, LibraryStore* store, QWidget* parent = nullptr);

  /// How far the student is in each lesson may have changed.
  void refresh_lessons();
  void show_recent(const std::vector<RunSummary>& runs);

 Q_SIGNALS:
  void first_race_asked();
  void lesson_chosen(const QString& name);
  void preset_chosen(const QString& name);
  void run_chosen(qint64 id);
  void resume_asked(qint64 id);
  void new_experiment_asked();
  void file_asked();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* heading();
  void add_title(const QString& text);
  void place_cards();
  void recolour();
  void fill_recent();
  void add_recent(const std::vector<RunSummary>& race, int row);
  QPushButton* add_link(const QString& text, int row, int column);

  const LessonGuide* guide_;
  LibraryStore* store_;
  QWidget* body_;
  QVBoxLayout* column_;
  QGridLayout* lessons_;
  QGridLayout* presets_;
  QGridLayout* recent_;
  QWidget* recent_title_ = nullptr;
  std::vector<RunSummary> runs_;
  bool recolouring_ = false;
  std::vector<QWidget*> lesson_cards_, preset_cards_;
  int columns_ = 0;
};

}  // namespace grapevine
