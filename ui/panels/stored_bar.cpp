// The line above the figures while they show a stored run.
#include "ui/panels/stored_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/panels/counted.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/words.h"

namespace grapevine {

StoredBar::StoredBar(QAction* back, QWidget* parent) : QFrame(parent), back_(back), text_(new QLabel(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 4, 6, 4);
  auto* button = new QPushButton(back->text(), this);
  button->setToolTip(back->toolTip());
  connect(button, &QPushButton::clicked, back, &QAction::trigger);
  connect(back, &QAction::changed, button, [back, button] { button->setText(back->text()); });
  row->addWidget(text_, 1);
  row->addWidget(button);
  hide();
}

void StoredBar::show_runs(const ShownRuns& shown) {
  setVisible(shown.shows_stored());
  back_->setEnabled(shown.shows_stored());
  back_->setText(shown.has_live() ? tr("Back to the live run") : tr("Close the stored run"));
  if (!shown.shows_stored()) return;
  const RunData& first = *shown.in_front().front();
  QString text = tr("Stored run %1 of %2: %3")
                     .arg(first.id)
                     .arg(local_time(QString::fromStdString(first.started)).left(10),
                          shown.labels_in_front().join(QStringLiteral(", ")));
  const int over = static_cast<int>(shown.overlaid().size());
  if (over > 0) text += counted(over, tr("; 1 run overlaid"), tr("; %n runs overlaid", nullptr, over));
  text_->setText(text);
}

}  // namespace grapevine
