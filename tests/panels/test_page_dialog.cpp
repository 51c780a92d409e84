// Figures on a page: their order changes by the keyboard as by dragging, and the dialog says so.
#include <QAction>
#include <QLabel>
#include <QListWidget>
#include <QtTest>
#include <algorithm>

#include "ui/panels/page_export_dialog.h"
#include "ui/scope/scope_model.h"

using namespace grapevine;

class TestPageDialog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void figures_are_moved_by_keys() {
    ScopeModel model;
    PageExportDialog dialog(model, nullptr);
    auto* list = dialog.findChild<QListWidget*>();
    QVERIFY(list && list->count() > 2);
    for (int row = 0; row < list->count(); ++row) list->item(row)->setCheckState(Qt::Checked);
    const std::vector<int> before = dialog.figures();
    const auto press = [&](int key) {
      for (QAction* action : list->actions())
        if (action->shortcut() == QKeySequence(Qt::ALT | Qt::Key(key))) action->trigger();
    };
    list->setCurrentRow(0);
    press(Qt::Key_Up);  // there is nothing above it
    QCOMPARE(dialog.figures(), before);
    press(Qt::Key_Down);
    std::vector<int> wanted = before;
    std::swap(wanted[0], wanted[1]);
    QCOMPARE(dialog.figures(), wanted);
    QCOMPARE(list->currentRow(), 1);  // the same figure, to be moved further
    press(Qt::Key_Up);
    QCOMPARE(dialog.figures(), before);
    const QList<QLabel*> labels = dialog.findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const QLabel* label) { return label->text().contains("Alt+Down"); }));
  }
};

QTEST_MAIN(TestPageDialog)
#include "test_page_dialog.moc"
