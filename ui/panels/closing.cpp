// The end of the program while something is at work.
#include "ui/panels/closing.h"

#include <QEventLoop>
#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

#include "ui/panels/run_controller.h"

namespace grapevine {

Closing::Closing(QWidget* window, RunController* run, bool ask)
    : QObject(window), window_(window), run_(run), ask_(ask) {}

bool Closing::may_close() {
  if (!busy()) return true;
  if (closing_ && !run_->active()) return false;  // a run may have been started meanwhile
  if (run_->active() && ask_)
    ask_user();
  else
    close_when_stored();
  return false;
}

bool Closing::busy() const {
  return run_->busy() ||
         std::any_of(others_.begin(), others_.end(), [](const OtherWork& work) { return work.busy(); });
}

void Closing::stop_and_close() {
  if (busy()) return close_when_stored();
  window_->close();
}

void Closing::store_now() {
  if (!run_->busy()) return;
  QEventLoop until_stored;
  connect(run_, &RunController::stored, &until_stored, &QEventLoop::quit);
  run_->stop();
  until_stored.exec(QEventLoop::ExcludeUserInputEvents);
}

void Closing::look() {
  if (closing_ && !busy()) QMetaObject::invokeMethod(window_, &QWidget::close, Qt::QueuedConnection);
}

void Closing::ask_user() {
  auto* box = new QMessageBox(QMessageBox::Question, tr("Close"), tr("Stop the run and close Grapevine?"),
                              QMessageBox::NoButton, window_);
  box->setObjectName(QStringLiteral("close_question"));
  box->setInformativeText(tr("The run is stored as it is and can be resumed from the run library."));
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* stop = box->addButton(tr("Stop and store"), QMessageBox::AcceptRole);
  QPushButton* keep = box->addButton(tr("Continue"), QMessageBox::RejectRole);
  box->setDefaultButton(keep);
  box->setEscapeButton(keep);
  connect(box, &QMessageBox::buttonClicked, this, [this, stop](QAbstractButton* button) {
    if (button == static_cast<QAbstractButton*>(stop)) close_when_stored();
  });
  box->open();
}

void Closing::close_when_stored() {
  closing_ = true;
  if (run_->busy()) {
    run_->stop();
    Q_EMIT waiting(tr("Storing the run, then closing"));
  }
  for (const OtherWork& work : others_) {
    if (!work.busy()) continue;
    work.stop();
    Q_EMIT waiting(work.words);
  }
  look();
}

}  // namespace grapevine
