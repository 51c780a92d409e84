#include "ui/panels/inspector/inspector_dock.h"

#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QShortcut>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/inspector/inspector_table.h"
#include "ui/panels/inspector/picture_files.h"
#include "ui/panels/words.h"
#include "ui/scope/key_table.h"

namespace grapevine {
namespace {

constexpr int column_width = 390;

QComboBox* choice(QWidget* parent, const QString& name, const QStringList& items, const QString& help) {
  auto* box = new QComboBox(parent);
  box->addItems(items);
  box->setAccessibleName(name);
  box->setToolTip(help);
  box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  return box;
}

}  // namespace

InspectorDock::InspectorDock(QWidget* parent) : QDockWidget(tr("Layer inspector"), parent) {
  setObjectName(QStringLiteral("inspector"));
  auto* body = new QWidget(this);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  build_head(body);
  auto* area = new QScrollArea(body);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setFocusPolicy(Qt::NoFocus);
  row_ = new QWidget(area);
  row_layout_ = new QHBoxLayout(row_);
  row_layout_->setContentsMargins(0, 0, 0, 0);
  row_layout_->setSpacing(0);
  area->setWidget(row_);
  column->addWidget(area, 1);
  setWidget(body);
  setMinimumWidth(300);

  const auto key = [this](const char* command, auto act) {
    for (const QKeySequence& sequence : keys_of(command))
      connect(new QShortcut(sequence, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
              &QShortcut::activated, this, act);
  };
  key("layer_up", [this] { layer_moved(1); });
  key("layer_down", [this] { layer_moved(-1); });
  key("close_inspector", [this] {
    hide();
    Q_EMIT left();
  });
  connect(this, &QDockWidget::visibilityChanged, this, [this] { Q_EMIT request_changed(); });
  show_state();
}

void InspectorDock::build_head(QWidget* body) {
  auto* head = new QWidget(body);
  auto* lines = new QVBoxLayout(head);
  lines->setContentsMargins(10, 6, 10, 2);
  auto *first = new QHBoxLayout, *second = new QHBoxLayout;
  layer_ = new QSpinBox(head);
  layer_->setRange(1, 1);
  layer_->setAccessibleName(tr("Layer"));
  layer_->setToolTip(tr("The feedback point whose layer is shown (%1, %2)")
                         .arg(key_text(keys_of("layer_up")), key_text(keys_of("layer_down"))));
  auto* layer_label = new QLabel(tr("Layer"), head);
  layer_label->setBuddy(layer_);
  racers_button_ = new QToolButton(head);
  racers_button_->setPopupMode(QToolButton::InstantPopup);
  racers_button_->setToolButtonStyle(Qt::ToolButtonTextOnly);
  racers_button_->setToolTip(tr("Whose layer is shown, side by side"));
  racers_menu_ = new QMenu(racers_button_);
  racers_button_->setMenu(racers_menu_);
  connect(racers_menu_, &QMenu::aboutToShow, this, &InspectorDock::fill_racers_menu);
  class_ = new QSpinBox(head);
  class_->setRange(-1, 0);
  class_->setSpecialValueText(tr("all"));
  class_->setValue(0);
  class_->setAccessibleName(tr("Class"));
  class_->setToolTip(
      tr("The class whose row of a convolution's matrices is laid out as channels and positions"));
  class_label_ = new QLabel(tr("Class"), head);
  class_label_->setBuddy(class_);
  first->addWidget(layer_label);
  first->addWidget(layer_);
  first->addWidget(racers_button_);
  first->addWidget(class_label_);
  first->addWidget(class_);
  first->addStretch(1);
  state_ = new QLabel(head);
  state_->setForegroundRole(QPalette::PlaceholderText);
  state_->setWordWrap(true);

  order_ =
      choice(head, tr("Order of features"), {tr("Longest J̄ first"), tr("Own order")},
             tr("From left to right: features that move the output most first, or as the layer has them"));
  scale_ = choice(head, tr("Scale"), {tr("Each its own scale"), tr("One scale for all")},
                  tr("The full color is at 98 % of each matrix's entries, or of the largest matrix's"));
  auto* table = new QToolButton(head);
  table->setText(tr("Numbers…"));
  table->setToolTip(tr("Everything as a table"));
  connect(table, &QToolButton::clicked, this, &InspectorDock::show_table);
  save_button_ = new QToolButton(head);
  save_button_->setText(tr("Save"));
  save_button_->setPopupMode(QToolButton::InstantPopup);
  save_button_->setToolTip(tr("Picture or numbers of what is shown; a single image has a menu of its own"));
  build_save_menu();
  second->addWidget(order_);
  second->addWidget(scale_);
  second->addWidget(table);
  second->addWidget(save_button_);
  second->addStretch(1);
  lines->addLayout(first);
  lines->addLayout(second);
  lines->addWidget(state_);
  body->layout()->addWidget(head);

  connect(layer_, &QSpinBox::valueChanged, this, [this] {
    show_state();
    Q_EMIT request_changed();
  });
  const auto choose = [this] {
    choices_ = {order_->currentIndex() == 0, scale_->currentIndex() == 1, class_->value()};
    show_columns();
  };
  connect(class_, &QSpinBox::valueChanged, this, choose);
  connect(order_, &QComboBox::currentIndexChanged, this, choose);
  connect(scale_, &QComboBox::currentIndexChanged, this, choose);
}

void InspectorDock::build_save_menu() {
  auto* menu = new QMenu(save_button_);
  save_button_->setMenu(menu);
  const auto add = [&](const QString& text, const QString& ending, const QString& filter, auto write) {
    connect(menu->addAction(text), &QAction::triggered, this,
            [this, text, ending, filter, write] { save(text, ending, filter, write); });
  };
  add(tr("Picture…"), QStringLiteral("png"), tr("Pictures (*.png)"),
      [](InspectionColumn& column, const QString& file) { return write_png(file, column.picture()); });
  add(tr("Numbers for NumPy…"), QStringLiteral("npz"), tr("NumPy arrays (*.npz)"),
      [](InspectionColumn& column, const QString& file) {
        return write_text(file, inspection_npz(column.inspection(), column.racer().label.toStdString()));
      });
  add(tr("Numbers as CSV…"), QStringLiteral("csv"), tr("Tables (*.csv)"),
      [](InspectionColumn& column, const QString& file) {
        return write_text(file, inspection_csv(column.inspection()));
      });
}

/// One file per racer; of several the names are distinguished by theirs.
void InspectorDock::save(const QString& title, const QString& ending, const QString& filter,
                         const std::function<QString(InspectionColumn&, const QString&)>& write) {
  if (columns_.empty()) return;
  const QString stem = QStringLiteral("layer-%1").arg(layer_->value());
  const QString file = QFileDialog::getSaveFileName(this, title, stem + QLatin1Char('.') + ending, filter);
  if (file.isEmpty()) return;
  for (InspectionColumn* column : columns_) {
    QString own = file;
    if (columns_.size() > 1) {
      const QFileInfo info(file);
      own = info.path() + QLatin1Char('/') + info.completeBaseName() + QLatin1Char('-') +
            file_stem(column->racer().label) + QLatin1Char('.') + ending;
    }
    const QString trouble = write(*column, own);
    if (!trouble.isEmpty()) return Q_EMIT said(trouble, true);
  }
  Q_EMIT said(tr("Wrote %1").arg(QFileInfo(file).fileName()), false);
}

void InspectorDock::set_racers(std::vector<InspectedRacer> racers, int points) {
  const bool others = racers.size() != racers_.size();
  racers_ = std::move(racers);
  if (points > 0) layer_->setMaximum(points);
  if (others || chosen_.empty()) {
    shown_.reset();
    chosen_ = usual_racers();
  }
  show_columns();
  Q_EMIT request_changed();
}

/// The first one whose matrices learn says most; without one the first that has any.
std::vector<int> InspectorDock::usual_racers() const {
  if (racers_.empty()) return {};
  const auto best =
      std::max_element(racers_.begin(), racers_.end(),
                       [](const InspectedRacer& a, const InspectedRacer& b) { return a.to_see < b.to_see; });
  return {best->racer};
}

void InspectorDock::set_unavailable(const QString& why) {
  unavailable_ = why;
  show_columns();
}

void InspectorDock::set_stored(bool stored) {
  stored_ = stored;
}

void InspectorDock::set_layers(int points) {
  if (points > 0) layer_->setMaximum(points);
}

bool InspectorDock::has_racer(int racer) const {
  return racer >= 0 && racer < static_cast<int>(racers_.size());
}

void InspectorDock::inspect(int racer, int layer) {
  layer_->setMaximum(std::max(layer_->maximum(), layer));
  const QSignalBlocker quiet(layer_);
  layer_->setValue(layer);
  if (has_racer(racer) && std::find(chosen_.begin(), chosen_.end(), racer) == chosen_.end())
    chosen_ = {racer};
  show();
  raise();
  show_columns();
  Q_EMIT request_changed();
}

void InspectorDock::show_inspections(std::shared_ptr<const InspectionSet> inspections) {
  shown_ = std::move(inspections);
  show_columns();
}

InspectionRequest InspectorDock::request() const {
  if (!isVisible() || !unavailable_.isEmpty()) return {};
  return {chosen_, layer_->value()};
}

int InspectorDock::layer() const {
  return layer_->value();
}

bool InspectorDock::is_of_step(std::int64_t step) const {
  if (!unavailable_.isEmpty()) return true;
  return !columns_.empty() && std::all_of(columns_.begin(), columns_.end(), [&](const auto* column) {
    return column->inspection().step == step && column->inspection().point == layer_->value();
  });
}

std::vector<const InspectionColumn*> InspectorDock::columns() const {
  return {columns_.begin(), columns_.end()};
}

void InspectorDock::layer_moved(int by) {
  layer_->setValue(layer_->value() + by);
}

void InspectorDock::fill_racers_menu() {
  racers_menu_->clear();
  for (const InspectedRacer& racer : racers_) {
    QAction* action = racers_menu_->addAction(racer.label);
    action->setCheckable(true);
    action->setChecked(std::find(chosen_.begin(), chosen_.end(), racer.racer) != chosen_.end());
    connect(action, &QAction::triggered, this, [this, number = racer.racer](bool on) {
      std::vector<int> now = chosen_;
      std::erase(now, number);
      if (on) now.push_back(number);
      std::sort(now.begin(), now.end());
      choose_racers(now);
    });
  }
  if (racers_.size() < 2) return;
  racers_menu_->addSeparator();
  connect(racers_menu_->addAction(tr("All")), &QAction::triggered, this, [this] {
    std::vector<int> all;
    for (const InspectedRacer& racer : racers_) all.push_back(racer.racer);
    choose_racers(all);
  });
}

void InspectorDock::choose_racers(std::vector<int> racers) {
  if (racers.empty()) return;
  chosen_ = std::move(racers);
  show_columns();
  Q_EMIT request_changed();
}

/// One column per chosen racer whose numbers are there.
void InspectorDock::show_columns() {
  std::vector<const Inspection*> there;
  if (shown_ && unavailable_.isEmpty())
    for (const Inspection& found : *shown_)
      if (std::find(chosen_.begin(), chosen_.end(), found.racer) != chosen_.end() &&
          static_cast<std::size_t>(found.racer) < racers_.size())
        there.push_back(&found);
  while (columns_.size() > there.size()) {
    columns_.back()->deleteLater();
    columns_.back()->hide();
    columns_.pop_back();
  }
  bool map = false;
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (i == columns_.size()) {
      columns_.push_back(new InspectionColumn(row_));
      columns_.back()->setMinimumWidth(column_width);
      connect(columns_.back(), &InspectionColumn::said, this, &InspectorDock::said);
      row_layout_->addWidget(columns_.back(), 1);
      columns_.back()->show();
    }
    const Inspection& found = *there[i];
    if (found.shape.size() == 3) {
      map = true;
      class_->setMaximum(static_cast<int>(found.classes) - 1);
    }
    columns_[i]->show_inspection(racers_[static_cast<std::size_t>(found.racer)], found, choices_);
  }
  class_->setVisible(map);
  class_label_->setVisible(map);
  show_state();
}

void InspectorDock::show_state() {
  QStringList names;
  for (const int racer : chosen_)
    if (racer >= 0 && static_cast<std::size_t>(racer) < racers_.size())
      names << racers_[static_cast<std::size_t>(racer)].label;
  racers_button_->setText(names.isEmpty() ? tr("Racers") : names.join(QStringLiteral(", ")));
  racers_button_->setEnabled(!racers_.empty());
  save_button_->setEnabled(!columns_.empty());
  QString text = unavailable_;
  if (text.isEmpty() && racers_.empty())
    text = tr("Start a run, or open a stored one: then its layers can be inspected.");
  const bool old = !columns_.empty() && columns_.front()->inspection().point != layer_->value();
  if (text.isEmpty() && (columns_.empty() || old)) text = tr("Computing…");
  if (text.isEmpty() && stored_) text = stored_words();
  state_->setText(text);
  state_->setVisible(!text.isEmpty());
}

/// Of which step it is that nobody trains.
QString InspectorDock::stored_words() const {
  const std::int64_t step = columns_.front()->inspection().step;
  const bool one = std::all_of(columns_.begin(), columns_.end(), [&](const InspectionColumn* column) {
    return column->inspection().trouble.empty() && column->inspection().step == step;
  });
  if (one)
    return tr("As the last checkpoint has it, of step %1. Nothing of the run changes.").arg(grouped(step));
  return tr("As each run's last checkpoint has it, of the step that it names. Nothing of the runs changes.");
}

void InspectorDock::show_table() {
  auto* table = new InspectorTable(columns(), this);
  table->setAttribute(Qt::WA_DeleteOnClose);
  table->open();
}

void InspectorDock::changeEvent(QEvent* event) {
  QDockWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && row_) show_columns();
}

}  // namespace grapevine
