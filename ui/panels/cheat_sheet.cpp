// All keys and gestures on one page.
#include "ui/panels/cheat_sheet.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <utility>
#include <vector>

#include "ui/panels/main_actions.h"

namespace grapevine {
namespace {

QString keys_of(const QAction& action) {
  QStringList keys;
  for (const QKeySequence& key : action.shortcuts()) keys << key.toString(QKeySequence::NativeText);
  return keys.join(QStringLiteral(", "));
}

QString without_mnemonic(QString text) {
  return text.remove(QLatin1Char('&'));
}

}  // namespace

CheatSheet::CheatSheet(const MainActions& actions, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Keys and gestures"));
  auto* columns = new QHBoxLayout;
  columns->setSpacing(32);
  QVBoxLayout* column = nullptr;
  int lines = 0;
  const auto add_group = [&](const QString& title, const std::vector<std::pair<QString, QString>>& rows) {
    if (rows.empty()) return;
    if (!column || lines + static_cast<int>(rows.size()) > 18) {
      if (column) column->addStretch(1);
      column = new QVBoxLayout;
      columns->addLayout(column);
      lines = 0;
    }
    lines += static_cast<int>(rows.size()) + 2;
    auto* head = new QLabel(QStringLiteral("<b>%1</b>").arg(title.toHtmlEscaped()), this);
    column->addWidget(head);
    auto* grid = new QGridLayout;
    grid->setContentsMargins(0, 0, 0, 12);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(3);
    int row = 0;
    for (const auto& [what, keys] : rows) {
      grid->addWidget(new QLabel(what, this), row, 0);
      auto* key = new QLabel(keys, this);
      key->setForegroundRole(QPalette::PlaceholderText);
      grid->addWidget(key, row++, 1, Qt::AlignRight);
    }
    column->addLayout(grid);
  };
  for (const MainActions::Group& group : actions.groups) {
    std::vector<std::pair<QString, QString>> rows;
    for (const QAction* action : group.actions)
      if (!action->shortcuts().isEmpty())
        rows.emplace_back(without_mnemonic(action->text()), keys_of(*action));
    add_group(group.title, rows);
  }
  add_group(tr("In the figures"), {{tr("Pan"), tr("drag")},
                                   {tr("Zoom"), tr("wheel")},
                                   {tr("Fit"), tr("double click")},
                                   {tr("Hide a run"), tr("click its name")},
                                   {tr("Show a run alone"), tr("Alt-click its name")}});
  add_group(tr("In the run library"), {{tr("Open a run"), tr("Enter, double click")},
                                       {tr("Overlay in figures"), tr("T, or the box")},
                                       {tr("Edit name, tags, notes"), tr("F2, click again")},
                                       {tr("Delete"), tr("Del")}});
  if (column) column->addStretch(1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(20, 16, 20, 12);
  layout->addLayout(columns);
  layout->addWidget(buttons);
}

}  // namespace grapevine
