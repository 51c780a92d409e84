// The menu of layouts.
#include "ui/panels/layout_menu.h"

#include <QAction>

#include "ui/panels/window_memory.h"
#include "ui/scope/asking.h"
#include "ui/scope/scope_memory.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

LayoutMenu::LayoutMenu(ScopeWidget* scope, WindowMemory* memory, QWidget* parent)
    : QMenu(tr("Layouts"), parent), scope_(scope), memory_(memory) {
  connect(this, &QMenu::aboutToShow, this, &LayoutMenu::fill);
}

void LayoutMenu::keep_as(const QString& name) {
  if (!name.trimmed().isEmpty())
    memory_->set_layout_named(name.trimmed(),
                              QString::fromStdString(scope_layout(scope_->model(), WithTime::no)));
}

void LayoutMenu::fill() {
  clear();
  const QStringList names = memory_->layout_names();
  for (const QString& name : names)
    connect(addAction(name), &QAction::triggered, this, [this, name] {
      apply_scope_layout(*scope_->change(), memory_->layout_named(name).toStdString());
    });
  if (names.isEmpty()) addAction(tr("None saved yet"))->setEnabled(false);
  addSeparator();
  connect(addAction(tr("Save this layout as…")), &QAction::triggered, this, &LayoutMenu::ask_for_name);
  if (names.isEmpty()) return;
  QMenu* forget = addMenu(tr("Forget"));
  for (const QString& name : names)
    connect(forget->addAction(name), &QAction::triggered, this,
            [this, name] { memory_->set_layout_named(name, {}); });
}

void LayoutMenu::ask_for_name() {
  if (const auto name = ask_line({tr("Save this layout"), tr("Name")}, this)) keep_as(*name);
}

}  // namespace grapevine
