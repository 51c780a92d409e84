#include "ui/panels/file_drop.h"

#include <QDropEvent>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>
#include <map>

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/launch/queueing.h"
#include "engine/plans/link.h"
#include "engine/plans/sweep.h"
#include "ui/panels/counted.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/opened_file.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/status_strip.h"

namespace grapevine {
namespace {

QString name_of(const QString& file) {
  return QFileInfo(file).fileName();
}

QString names_of(const QStringList& files) {
  QStringList names;
  for (const QString& file : files) names << name_of(file);
  return names.join(QStringLiteral(", "));
}

bool is_ours(const QMimeData& what) {
  return what.hasUrls() || (what.hasText() && is_link(what.text().trimmed().toStdString()));
}

QMessageBox* question(const QString& title, const QString& text, const QString& more, QWidget* parent) {
  auto* box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::NoButton, parent);
  box->setObjectName(QStringLiteral("drop_question"));
  box->setTextFormat(Qt::PlainText);  // names of files are in it
  box->setInformativeText(more);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setEscapeButton(box->addButton(QMessageBox::Cancel));
  return box;
}

}  // namespace

FileDrop::FileDrop(MainWindow* window, LibraryStore* store)
    : QObject(window), window_(window), store_(store) {
  window_->setAcceptDrops(true);
  window_->installEventFilter(this);
}

bool FileDrop::eventFilter(QObject* watched, QEvent* event) {
  const QEvent::Type type = event->type();
  if (watched != window_ || (type != QEvent::DragEnter && type != QEvent::DragMove && type != QEvent::Drop))
    return QObject::eventFilter(watched, event);
  auto* drag = static_cast<QDropEvent*>(event);
  if (!is_ours(*drag->mimeData())) return false;
  drag->setDropAction(Qt::CopyAction);  // moved, the file would be taken away from where it came from
  drag->accept();
  if (type == QEvent::Drop) drop(*drag->mimeData());
  return true;
}

void FileDrop::drop(const QMimeData& what) {
  if (!what.hasUrls()) return window_->open_link(what.text().trimmed());
  QStringList files;
  for (const QUrl& url : what.urls()) {
    if (url.isLocalFile())
      files << url.toLocalFile();
    else if (is_link(url.toString().toStdString()))
      window_->open_link(url.toString());
    else
      refuse(tr("%1 is not a file of this machine: save it here, then drop it.").arg(url.toDisplayString()));
  }
  take(files);
}

void FileDrop::take(const QStringList& files) {
  std::map<OpenedKind, QStringList> sorted;
  for (const QString& file : files) sorted[kind_of_opened(file.toStdString())] << file;
  for (const QString& file : sorted[OpenedKind::none])
    refuse(QFileInfo(file).isDir()
               ? tr("%1 is a folder: drop the files in it.").arg(name_of(file))
               : tr("%1 can't be opened: drop experiments, lessons or sweeps (JSON), run files, databases, "
                    "curves (CSV) or parameters (safetensors, pt, npz).")
                     .arg(name_of(file)));
  open_one(sorted[OpenedKind::experiment], sorted[OpenedKind::lesson]);
  start_from(sorted[OpenedKind::parameters]);
  import(sorted[OpenedKind::run_file] + sorted[OpenedKind::curves]);
  ask_about(sorted[OpenedKind::database]);
  ask_to_queue(sorted[OpenedKind::sweep]);
}

/// The form holds one experiment, and one lesson is open at a time.
void FileDrop::open_one(const QStringList& experiments, const QStringList& lessons) {
  const QStringList all = lessons + experiments;
  if (all.isEmpty()) return;
  const QString first = all.front();
  if (lessons.isEmpty())
    window_->experiment()->open_file(first);
  else
    window_->open_lesson(first);
  if (all.size() > 1)
    refuse(tr("One experiment or lesson is open at a time: %1 was taken, %2 not.")
               .arg(name_of(first), names_of(all.mid(1))));
}

/// The network of the next run starts from them; whether they fit it, its start says.
void FileDrop::start_from(const QStringList& parameters) {
  if (parameters.isEmpty()) return;
  auto plan = window_->experiment()->form()->plan();
  if (!plan)
    return refuse(tr("%1 can't be taken yet. %2")
                      .arg(name_of(parameters.front()), window_->experiment()->form()->problems().value(0)));
  if (parameters.size() > 1)
    return refuse(
        tr("A network starts from one file of parameters: drop one of %1.").arg(names_of(parameters)));
  for (Experiment& racer : plan->racers)
    racer.set(key_of(&ModelSettings::weights), parameters.front().toStdString());
  window_->experiment()->form()->set_plan(*plan);
  window_->show_form();
  window_->status()->say(
      tr("The next run starts from %1 (Starting weights)").arg(name_of(parameters.front())), 8000);
}

void FileDrop::import(const QStringList& files) {
  if (files.isEmpty()) return;
  if (store_->importing())
    return refuse(tr("Files are being imported: drop %1 again afterwards.").arg(names_of(files)));
  store_->import_files(files);
}

void FileDrop::ask_about(const QStringList& databases) {
  if (databases.isEmpty()) return;
  const QString names = names_of(databases);
  auto* box =
      question(tr("Database"), tr("Take the runs of %1 into the library?").arg(names),
               tr("Importing copies runs and leaves the file as it is. Opening shows its runs in place "
                  "of these, and stores new ones in it."),
               window_);
  QPushButton* import_them = box->addButton(tr("Import its runs"), QMessageBox::AcceptRole);
  QPushButton* open =
      databases.size() == 1 ? box->addButton(tr("Open it"), QMessageBox::ActionRole) : nullptr;
  if (!open) import_them->setText(tr("Import their runs"));
  box->setDefaultButton(import_them);
  connect(box, &QMessageBox::buttonClicked, this,
          [this, import_them, open, databases](QAbstractButton* chosen) {
            if (chosen == import_them) import(databases);
            if (open && chosen == open) window_->open_database(databases.front());
          });
  box->open();
}

void FileDrop::ask_to_queue(const QStringList& sweeps) {
  std::vector<Queued> all;
  std::size_t count = 0;
  QStringList taken;
  for (const QString& file : sweeps) {
    try {
      all.push_back(queued_sweep(load_sweep(file.toStdString(), {})));
      count += all.back().plans.size();
      taken << file;
    } catch (const Error& error) {
      refuse(QString::fromUtf8(error.what()));
    }
  }
  if (all.empty()) return;
  const int number = static_cast<int>(count);
  auto* box = question(tr("Queue"),
                       counted(number, tr("Queue the experiment of %1?").arg(names_of(taken)),
                               tr("Queue the %n experiments of %1?", nullptr, number).arg(names_of(taken))),
                       tr("They are trained when the queue is started."), window_);
  QPushButton* queue =
      box->addButton(counted(number, tr("Queue it"), tr("Queue them")), QMessageBox::AcceptRole);
  box->setDefaultButton(queue);
  connect(box, &QMessageBox::buttonClicked, this, [this, queue, all](QAbstractButton* chosen) {
    if (chosen != queue) return;
    for (const Queued& each : all) window_->queue()->add(each);
  });
  box->open();
}

void FileDrop::refuse(const QString& sentence) {
  window_->messages()->show_message(MessageBar::Kind::warning, sentence);
}

}  // namespace grapevine
