// Small dialogs that ask for one value: their titles are not cut.
#include <QFontMetrics>
#include <QInputDialog>
#include <QtTest>

#include "ui/scope/asking.h"

using namespace grapevine;

class TestAsking : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_title_has_room() {
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Grapevine"));
    const QString title = QStringLiteral("Overlay the best of all that are shown");
    const auto dialog = make_question({title, QStringLiteral("N")}, nullptr);
    dialog->show();
    QCOMPARE(dialog->windowTitle(), title);
    QVERIFY(dialog->width() > QFontMetrics(dialog->font()).horizontalAdvance(title + " \u2014 Grapevine"));
  }
};

QTEST_MAIN(TestAsking)
#include "test_asking.moc"
