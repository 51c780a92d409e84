#include "ui/panels/data_offer.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include "engine/data/download.h"
#include "engine/data/locate.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

constexpr int refresh_ms = 100;

QString title(const std::string& name) {
  const DataDescriptor* data = find_data(name);
  return QString::fromStdString(data ? data->name : name);
}

QString megabytes(double bytes) {
  return QLocale().toString(bytes / 1e6, 'f', bytes < 1e7 ? 1 : 0);
}

}  // namespace

bool is_data_there(const std::string& name, const std::string& dir) {
  DataRequest request;
  request.name = name;
  request.dir = dir;
  try {
    locate_data(request);
    return true;
  } catch (const Error&) {
    return false;
  }
}

DataOffer::DataOffer(QWidget* parent)
    : QWidget(parent),
      words_(new QLabel(this)),
      bar_(new QProgressBar(this)),
      button_(new QPushButton(this)),
      timer_(new QTimer(this)) {
  words_->setWordWrap(true);
  words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  bar_->setRange(0, 1000);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress of the download"));
  auto* row = new QHBoxLayout;
  row->addWidget(bar_, 1);
  row->addStretch(0);
  row->addWidget(button_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 2, 8, 2);
  layout->setSpacing(4);
  layout->addWidget(words_);
  layout->addLayout(row);
  timer_->setInterval(refresh_ms);
  connect(timer_, &QTimer::timeout, this, &DataOffer::show_progress);
  connect(button_, &QPushButton::clicked, this, [this] { fetching_ ? stop() : begin(); });
  setVisible(false);
}

DataOffer::~DataOffer() {
  stop_ = true;
}

void DataOffer::set_data(const std::string& name, const std::string& dir) {
  if (name == name_ && dir == dir_) return;
  name_ = name;
  dir_ = dir;
  if (!fetching_) look();
}

// A folder that the user named is the user's: nothing is offered there.
void DataOffer::look() {
  const bool offered = dir_.empty() && find_source(name_) && !is_data_there(name_, dir_);
  if (offered) {
    words_->setText(tr("%1 is not on this machine.").arg(title(name_)));
    button_->setText(tr("Get the data"));
    bar_->setVisible(false);
  }
  setVisible(offered);
}

void DataOffer::begin() {
  const DataSource* source = find_source(name_);
  if (!source) return;
  fetched_ = name_;
  fetching_ = true;
  stop_ = stopped_ = false;
  now_ = {};
  button_->setText(tr("Cancel"));
  bar_->setVisible(true);
  timer_->start();
  show_progress();
  background_.run(
      [this, source] {
        WorkHooks hooks;
        hooks.stop = [this] { return stop_.load(); };
        hooks.progress = [this](const WorkProgress& now) {
          const std::lock_guard lock(mutex_);
          now_ = now;
        };
        stopped_ = download(*source, {}, hooks).stopped;
      },
      [this](const QString& error) { finish(error); });
}

void DataOffer::stop() {
  stop_ = true;
  button_->setEnabled(false);
}

void DataOffer::finish(const QString& error) {
  timer_->stop();
  fetching_ = false;
  button_->setEnabled(true);
  const bool came = error.isEmpty() && !stopped_;
  look();
  if (!error.isEmpty() && name_ == fetched_) words_->setText(error);
  if (came) Q_EMIT arrived();
}

void DataOffer::show_progress() {
  WorkProgress now;
  {
    const std::lock_guard lock(mutex_);
    now = now_;
  }
  const auto done = static_cast<double>(now.done), total = static_cast<double>(now.total);
  QString text = tr("Getting %1").arg(title(fetched_));
  if (now.total > 0)
    text += tr(": %1 %2, %3 of %4 MB")
                .arg(QString::fromStdString(now.what), QString::fromStdString(now.file), megabytes(done),
                     megabytes(total));
  if (now.rate > 0 && total > done)
    text += tr(", %1 s left").arg(QString::number((total - done) / now.rate, 'f', 0));
  words_->setText(text);
  bar_->setValue(now.total > 0 ? static_cast<int>(1000 * done / total) : 0);
}

}  // namespace grapevine
