// The layer inspector: a panel next to the stage that shows what is inside one layer of one or several
// racers. It asks for what it shows by request(), and computes nothing. The window's thread only.
#pragma once

#include <QDockWidget>
#include <functional>
#include <memory>
#include <vector>

#include "engine/session/inspection.h"
#include "ui/panels/inspector/inspection_column.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QMenu;
class QSpinBox;
class QToolButton;

namespace grapevine {

class InspectorDock : public QDockWidget {
  Q_OBJECT

 public:
  explicit InspectorDock(QWidget* parent = nullptr);

  /// The run in progress, and how many feedback points its deepest network has (0 = not known yet).
  void set_racers(std::vector<InspectedRacer> racers, int points);
  /// The racers are runs as their last checkpoints have them.
  void set_stored(bool stored);
  /// How many feedback points there are, where that is known late.
  void set_layers(int points);
  bool has_racer(int racer) const;
  const std::vector<int>& chosen() const { return chosen_; }
  /// Why nothing can be looked at; "" where it can.
  void set_unavailable(const QString& why);
  /// Opens at this layer; of all racers chosen before where `racer` is −1.
  void inspect(int racer, int layer);
  void show_inspections(std::shared_ptr<const InspectionSet> inspections);

  /// What the window wants to know at present; its point is 0 while the panel is hidden.
  InspectionRequest request() const;
  int layer() const;
  /// The numbers shown are of this step, or say why there are none.
  bool is_of_step(std::int64_t step) const;
  std::vector<const InspectionColumn*> columns() const;

 Q_SIGNALS:
  void request_changed();
  void said(const QString& sentence, bool wrong);
  /// Escape: the figures take the focus back.
  void left();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build_head(QWidget* body);
  void build_save_menu();
  void fill_racers_menu();
  void choose_racers(std::vector<int> racers);
  std::vector<int> usual_racers() const;
  void layer_moved(int by);
  void show_columns();
  void show_state();
  QString stored_words() const;
  void show_table();
  void save(const QString& title, const QString& ending, const QString& filter,
            const std::function<QString(InspectionColumn&, const QString& file)>& write);

  std::vector<InspectedRacer> racers_;
  std::vector<int> chosen_;
  InspectorChoices choices_;
  QString unavailable_;
  bool stored_ = false;
  std::shared_ptr<const InspectionSet> shown_;
  QSpinBox *layer_, *class_;
  QLabel *class_label_, *state_;
  QToolButton *racers_button_, *save_button_;
  QMenu* racers_menu_;
  QComboBox *order_, *scale_;
  QWidget* row_ = nullptr;
  QHBoxLayout* row_layout_;
  std::vector<InspectionColumn*> columns_;
};

}  // namespace grapevine
