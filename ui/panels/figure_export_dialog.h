// Asks which figure to export, as what, and where to. The window's thread only.
#pragma once

#include <QDialog>

#include "ui/scope/figure_saver.h"

class QComboBox;

namespace grapevine {

class ScopeWidget;

enum class ExportForm { picture, numbers, animation };

class FigureExportDialog : public QDialog {
  Q_OBJECT

 public:
  /// The figure that is chosen, else the one that leads.
  FigureExportDialog(const ScopeModel& model, QWidget* parent);

  int figure() const;
  ExportForm form() const;

 private:
  void offer_forms();

  int stage_;
  QComboBox *figure_, *form_;
};

/// An animation asks for its stretch and writes itself; nothing is reported of it here.
SavedFigure ask_and_export(ScopeWidget& scope, QWidget* parent);

}  // namespace grapevine
