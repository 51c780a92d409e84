// The window's wiring for the queue, sweeps and the paper page.
#include <QAction>
#include <QLayout>
#include <QTableView>

#include "ui/panels/counted.h"
#include "ui/panels/experiment_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/run_starter.h"
#include "ui/panels/stored_runs_opener.h"
#include "ui/panels/study_view.h"
#include "ui/panels/sweep_form.h"
#include "ui/panels/tunings.h"

namespace grapevine {

void MainWindow::wire_queue() {
  connect(actions_->queue, &QAction::triggered, this, [this] { queue_from_form(1); });
  connect(actions_->queue_seeds, &QAction::triggered, this, [this] { queue_from_form(3); });
  connect(actions_->sweep, &QAction::triggered, this, &MainWindow::ask_sweep);
  connect(queue_page_, &QueuePage::sweep_asked, this, &MainWindow::ask_sweep);
  const auto page = [this](QAction* action, QWidget* shown, void (MainWindow::*show)()) {
    connect(action, &QAction::triggered, this, [this, shown, show] {
      if (shown->isVisible())
        leave_page();
      else
        (this->*show)();
    });
  };
  page(actions_->queue_page, queue_page_, &MainWindow::show_queue_page);
  page(actions_->paper_page, paper_page_, &MainWindow::show_paper_page);
  connect(queue_page_, &QueuePage::leave_asked, this, &MainWindow::leave_page);
  connect(paper_page_, &PaperPage::leave_asked, this, &MainWindow::leave_page);
  const auto open = [this](qint64 id) {
    leave_page();
    open_stored(id);
  };
  connect(queue_page_, &QueuePage::run_chosen, this, open);
  connect(paper_page_, &PaperPage::run_chosen, this, open);
  connect(queue_page_, &QueuePage::runs_chosen, this, [this](const std::vector<std::int64_t>& ids) {
    leave_page();
    opener_->open_several(ids);
  });
  connect(paper_page_, &PaperPage::queue_asked, queue_, &QueueStore::add);
  paper_page_->study()->set_plan([this] { return experiment_->form()->plan(); });
  const auto say_trouble = [this](const QString& sentence) {
    messages_->show_message(MessageBar::Kind::error, sentence);
  };
  connect(queue_, &QueueStore::trouble, this, say_trouble);
  connect(tunings_, &Tunings::trouble, this, say_trouble);
  connect(queue_, &QueueStore::listed, paper_page_, &PaperPage::take_queue);
  connect(queue_, &QueueStore::added, this, &MainWindow::say_queued);
}

/// From the papers' page a click queues many: there the message leads back.
void MainWindow::say_queued(const std::vector<std::int64_t>& ids) {
  const int count = static_cast<int>(ids.size());
  const QString words = count == 0 ? tr("All of it is already in the queue.")
                                   : counted(count, tr("1 experiment waits in the queue."),
                                             tr("%n experiments wait in the queue.", nullptr, count));
  const bool may_go_back = count > 0 && paper_page_->isVisible();
  messages_->show_message(
      MessageBar::Kind::information, words,
      may_go_back ? counted(count, tr("Remove it from the queue"), tr("Remove them from the queue"))
                  : tr("Show the queue"),
      [this, ids, may_go_back] {
        if (may_go_back)
          queue_->remove(ids);
        else
          show_queue_page();
      });
}

void MainWindow::queue_from_form(int seeds) {
  if (const auto plan = starter_->plan()) queue_->add(queued_plan(*plan, seeds));
}

void MainWindow::ask_sweep() {
  const auto plan = starter_->plan();
  if (!plan) return;
  auto* form = new SweepForm(*plan, this);
  form->setAttribute(Qt::WA_DeleteOnClose);
  connect(form, &QDialog::accepted, this, [this, form] {
    if (form->queued()) queue_->add(*form->queued());
    if (form->search()) tunings_->begin(*form->search());
  });
  form->open();
}

void MainWindow::show_queue_page() {
  if (queue_page_->isVisible()) return;
  leave_page();
  take_centre(queue_page_);
  actions_->queue_page->setChecked(true);
  queue_->refresh();
  queue_page_->table()->setFocus();
}

void MainWindow::show_paper_page() {
  if (paper_page_->isVisible()) return;
  leave_page();
  take_centre(paper_page_);
  actions_->paper_page->setChecked(true);
  queue_->refresh();
  paper_page_->refresh();
}

}  // namespace grapevine
