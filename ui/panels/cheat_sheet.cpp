// All keys and gestures on one page.
#include "ui/panels/cheat_sheet.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>
#include <vector>

#include "ui/panels/main_actions.h"
#include "ui/scope/key_table.h"

namespace grapevine {
namespace {

using Rows = std::vector<std::pair<QString, QString>>;

/// What the table itself has words for.
Rows rows_of(KeyArea area) {
  Rows rows;
  for (const KeyBinding& binding : key_table())
    if (binding.area == area && *binding.words)
      rows.emplace_back(QCoreApplication::translate("grapevine::KeyTable", binding.words),
                        key_text(keys_of(binding.command)));
  return rows;
}

constexpr int row_gap = 3;

/// Few long columns are read more easily than many short ones, and fit on a screen.
int rows_of_a_column(const QDialog& sheet) {
  return std::max(
      18, sheet.screen()->availableGeometry().height() * 3 / 4 / (sheet.fontMetrics().height() + row_gap));
}

QString without_mnemonic(QString text) {
  return text.remove(QLatin1Char('&'));
}

/// Groups of keys, one below another, in as many columns as they need.
class SheetColumns {
 public:
  SheetColumns(QWidget* page, int most_lines)
      : page_(page), columns_(new QHBoxLayout(page)), most_lines_(most_lines) {
    columns_->setSpacing(32);
  }

  void add_group(const QString& title, const Rows& rows) {
    if (rows.empty()) return;
    const int lines = static_cast<int>(rows.size()) + 2;
    if (!column_ || lines_ + lines > most_lines_) begin_column();
    lines_ += lines;
    auto* head = new QLabel(title, page_);
    head->setTextFormat(Qt::PlainText);
    QFont bold = page_->font();
    bold.setBold(true);
    head->setFont(bold);
    column_->addWidget(head);
    auto* grid = new QGridLayout;
    grid->setContentsMargins(0, 0, 0, 12);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(row_gap);
    int row = 0;
    for (const auto& [what, keys] : rows) {
      grid->addWidget(new QLabel(what, page_), row, 0);
      auto* key = new QLabel(keys, page_);
      key->setForegroundRole(QPalette::PlaceholderText);
      grid->addWidget(key, row++, 1, Qt::AlignRight);
    }
    column_->addLayout(grid);
  }

  void finish() {
    if (column_) column_->addStretch(1);
  }

 private:
  void begin_column() {
    finish();
    column_ = new QVBoxLayout;
    column_->setSpacing(6);  // else the columns' own
    columns_->addLayout(column_);
    lines_ = 0;
  }

  QWidget* page_;
  QHBoxLayout* columns_;
  QVBoxLayout* column_ = nullptr;
  int most_lines_, lines_ = 0;
};

/// The keys of the window's commands, as its menus group them.
void add_commands(SheetColumns& columns, const MainActions& actions) {
  for (const MainActions::Group& group : actions.groups) {
    Rows rows;
    for (const QAction* action : group.actions)
      if (!action->shortcuts().isEmpty())
        rows.emplace_back(without_mnemonic(action->text()), key_text(action->shortcuts()));
    if (&group == &actions.groups.back())
      for (const auto& row : rows_of(KeyArea::window)) rows.push_back(row);
    columns.add_group(group.title, rows);
  }
}

}  // namespace

CheatSheet::CheatSheet(const MainActions& actions, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Keys and gestures"));
  auto* page = new QWidget;
  SheetColumns columns(page, rows_of_a_column(*this));
  add_commands(columns, actions);
  Rows figures = rows_of(KeyArea::figures);
  for (const auto& [what, how] : Rows{{tr("Pan"), tr("drag")},
                                      {tr("Zoom"), tr("wheel; Shift: time, Ctrl: height")},
                                      {tr("Zoom to a stretch"), tr("drag with the right button")},
                                      {tr("Fit"), tr("double click")},
                                      {tr("Hide a run"), tr("click its name")},
                                      {tr("Show a run alone"), tr("Ctrl-click its name")},
                                      {tr("Move a figure"), tr("drag its title")},
                                      {tr("Larger and smaller"), tr("drag the edge between figures")}})
    figures.emplace_back(what, how);
  columns.add_group(tr("In the figures"), figures);
  columns.add_group(tr("In the layer inspector"), rows_of(KeyArea::inspector));
  columns.add_group(tr("In slow motion"), rows_of(KeyArea::slow_motion));
  columns.add_group(tr("In a lecture"), rows_of(KeyArea::lecture));
  columns.add_group(tr("In the run library"), rows_of(KeyArea::library));
  columns.finish();
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(20, 16, 20, 12);
  auto* area = new QScrollArea(this);
  area->setFrameShape(QFrame::NoFrame);
  area->setWidget(page);
  area->setAccessibleName(windowTitle());
  layout->addWidget(area);
  layout->addWidget(buttons);
  // As large as the page, or as the screen lets it be.
  const QSize bars(area->verticalScrollBar()->sizeHint().width(),
                   area->horizontalScrollBar()->sizeHint().height());
  const QSize around = sizeHint() - area->sizeHint() + bars;
  resize((page->sizeHint() + around + QSize(4, 4)).boundedTo(screen()->availableSize() * 19 / 20));
}

}  // namespace grapevine
