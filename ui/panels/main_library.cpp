// The window's wiring for the run library: runs laid over the figures, opened next to each other, numbers at
// the figures' cursor, and the page over the whole window.
#include <QAction>
#include <QLayout>
#include <QTableView>
#include <algorithm>
#include <limits>

#include "ui/panels/docks_aside.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_toolbar.h"
#include "ui/panels/main_window.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/start_page.h"
#include "ui/panels/stored_runs_opener.h"
#include "ui/scope/scope_model.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

void MainWindow::wire_library_page() {
  connect(library_, &RunLibraryDock::overlay_asked, this, [this](const QList<qint64>& ids, bool shown) {
    const std::vector<std::int64_t> runs(ids.begin(), ids.end());
    if (!shown) return shown_->remove_overlays(runs);
    opener_->overlay(runs, [this](std::int64_t read) { return library_->model()->ticked().contains(read); });
  });
  connect(library_, &RunLibraryDock::several_asked, this, [this](const std::vector<std::int64_t>& ids) {
    leave_page();
    opener_->open_several(ids);
  });
  connect(library_, &RunLibraryDock::open_asked, this, &MainWindow::leave_page);
  connect(library_->groups(), &GroupsPanel::wanted_changed, this, &MainWindow::show_groups);
  connect(library_, &RunLibraryDock::page_asked, actions_->library_page, &QAction::trigger);
  connect(actions_->library_page, &QAction::triggered, this, [this] {
    if (library_->lent())
      leave_page();
    else
      show_library_page();
  });
  connect(scope_, &ScopeWidget::colour_chosen, this, &MainWindow::set_colour);
  connect(scope_, &ScopeWidget::cursor_moved, this, [this](double time) { tell_cursor(time); });
  connect(scope_, &ScopeWidget::cursor_left, this, [this] { tell_cursor(std::nullopt); });
  connect(run_, &RunController::state_changed, this, [this] {
    if (run_->state() == SessionState::running) leave_page();
  });
}

void MainWindow::set_colour(int racer, int colour) {
  const std::vector<RunView> runs = shown_->runs();
  if (racer < 0 || racer >= static_cast<int>(runs.size())) return;
  const std::int64_t id = runs[static_cast<std::size_t>(racer)]->id;
  const auto chosen = colour >= 0 ? std::optional(static_cast<std::uint32_t>(colour)) : std::nullopt;
  store_->change([id, chosen](RunEditor& editor) {
    if (chosen)
      editor.set_colour(id, *chosen);
    else
      editor.use_rules_colour(id);
  });
  shown_->set_colour(id, chosen);
}

void MainWindow::show_groups(const std::vector<WantedGroup>& wanted, Band band) {
  if (wanted.empty()) return shown_->set_groups({});
  std::vector<std::vector<std::int64_t>> ids;
  for (const WantedGroup& group : wanted) ids.push_back(group.ids);
  store_->load_means(std::move(ids), band, [this, wanted](const std::vector<MeanView>& means) {
    std::vector<ShownGroup> groups;
    for (std::size_t i = 0; i < means.size(); ++i) groups.push_back({wanted[i].name, means[i]});
    shown_->set_groups(std::move(groups));
    if (scope_->model().follow()) scope_->fit();
  });
}

/// The library's columns "at the cursor" follow the figures'. Without a cursor they say nothing.
void MainWindow::tell_cursor(std::optional<double> time) {
  const auto& columns = library_->model()->columns();
  if (std::none_of(columns.begin(), columns.end(),
                   [](const LibraryColumn& column) { return column.kind == LibraryColumn::Kind::cursor; }))
    return;
  if (!time) return library_->model()->set_at_cursor({});
  library_->model()->set_at_cursor([racers = scope_->model().racers(), axis = scope_->model().time_axis(),
                                    at = *time](std::int64_t id, const RunKey& key) {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    for (const Racer& racer : racers) {
      if (racer.run->id != id) continue;
      const Series* series = racer.run->find(key.name.c_str(), std::max(key.point, 0));
      if (!series || series->size() == 0) return nothing;
      const SeriesView view = racer.view(*series, axis);
      return view.y(view.nearest(at));
    }
    return nothing;
  });
}

void MainWindow::take_centre(QWidget* page) {
  if (presenting_) set_presenting(false);
  hide_start_page();
  aside_->put_away({}, false);
  toolbar_->hide();
  scope_->hide();
  centralWidget()->layout()->addWidget(page);
  page->show();
}

void MainWindow::show_library_page() {
  if (library_->lent()) return;
  leave_page();
  take_centre(library_->lend());
  actions_->library_page->setChecked(true);
  library_->table()->setFocus();
}

void MainWindow::leave_page() {
  const bool other = queue_page_->isVisible() || paper_page_->isVisible();
  if (!library_->lent() && !other) return;
  if (library_->lent()) library_->take_back();
  queue_page_->hide();
  paper_page_->hide();
  for (QAction* action : {actions_->library_page, actions_->queue_page, actions_->paper_page})
    action->setChecked(false);
  scope_->show();
  toolbar_->show();
  aside_->bring_back();
  scope_->setFocus();
}

void MainWindow::show_form() {
  leave_page();
  hide_start_page();
}

}  // namespace grapevine
