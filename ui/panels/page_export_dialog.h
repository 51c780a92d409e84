// Asks which figures to put on one page for a paper, and what the page is like. The window's thread only.
#pragma once

#include <QDialog>
#include <optional>
#include <vector>

#include "engine/runs/aggregate.h"
#include "engine/runs/figure_page.h"
#include "ui/scope/figure_saver.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFontComboBox;
class QFormLayout;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace grapevine {

class ScopeWidget;

class PageExportDialog : public QDialog {
  Q_OBJECT

 public:
  /// Ticked are the figures that are shown.
  PageExportDialog(const ScopeModel& model, QWidget* parent);

  /// Those ticked, from top to bottom.
  std::vector<int> figures() const;
  FigurePage page() const;
  /// What lies around means over seeds; nothing where each run has a line of its own.
  std::optional<Band> over_seeds() const;

 private:
  void fill_list(const ScopeModel& model);
  void add_moves();
  void add_seeds(const ScopeModel& model, QFormLayout& form);
  void show_size();

  QListWidget* list_;
  QDoubleSpinBox *width_, *height_, *font_size_;
  QSpinBox* columns_;
  QFontComboBox* font_;
  QCheckBox *letters_, *averaged_;
  QComboBox* band_;
  QLabel* size_;
  QPushButton* save_;
};

/// Asks, and writes the page.
SavedFigure ask_and_export_page(ScopeWidget& scope, QWidget* parent);

}  // namespace grapevine
