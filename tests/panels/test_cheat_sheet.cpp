// The page of keys: it names every shortcut of the window and is no larger than the screen.
#include <QAction>
#include <QLabel>
#include <QMainWindow>
#include <QScreen>
#include <QtTest>

#include "ui/panels/cheat_sheet.h"
#include "ui/panels/main_actions.h"

using namespace grapevine;

class TestCheatSheet : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_names_every_key_and_fits_the_screen() {
    QMainWindow window;
    const MainActions actions(&window);
    const CheatSheet sheet(actions, &window);
    QStringList words;
    for (const QLabel* label : sheet.findChildren<QLabel*>()) words << label->text();
    for (const MainActions::Group& group : actions.groups)
      for (const QAction* action : group.actions)
        if (!action->shortcuts().isEmpty())
          QVERIFY2(words.contains(action->text().remove(QLatin1Char('&'))), qPrintable(action->text()));
    const QSize screen = sheet.screen()->availableSize();
    QVERIFY(sheet.width() <= screen.width() && sheet.height() <= screen.height());
  }
};

QTEST_MAIN(TestCheatSheet)
#include "test_cheat_sheet.moc"
