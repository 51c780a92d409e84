// The thread next to the window's at its end: long work hears it, changes are carried out.
#include <QSignalSpy>
#include <QtTest>
#include <atomic>
#include <thread>

#include "engine/session/interruption.h"
#include "engine/session/progress.h"
#include "ui/panels/background.h"

using namespace grapevine;

class TestBackground : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_end_stops_long_work_and_carries_changes_out();
  void a_stop_lets_nothing_begin();
  void what_is_carried_out_hears_no_stop();
};

namespace {

/// Work without end; as a slice of it the shortest sleep.
void for_ever(std::atomic<bool>& begun) {
  for (;; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
    begun = true;
    interruption_point();
  }
}

}  // namespace

void TestBackground::the_end_stops_long_work_and_carries_changes_out() {
  std::atomic<bool> begun = false, further = false, changed = false;
  bool told = false;
  {
    Background background;
    background.run([&] { for_ever(begun); }, [&](const QString&) { told = true; });
    background.run([&] { further = true; }, [&](const QString&) { told = true; });
    background.carry_out([&] { changed = true; }, [&](const QString&) { told = true; });
    QTRY_VERIFY(begun);
  }
  QVERIFY(changed);
  QVERIFY(!further && !told);
}

void TestBackground::a_stop_lets_nothing_begin() {
  std::atomic<bool> begun = false, further = false;
  int told = 0;
  Background background;
  QSignalSpy idled(&background, &Background::idled);
  background.run([&] { for_ever(begun); }, [&](const QString&) { ++told; });
  QTRY_VERIFY(begun);
  background.stop();
  QTRY_VERIFY(background.idle());
  background.run([&] { further = true; }, [&](const QString&) { ++told; });
  QTRY_VERIFY(background.idle());
  QCOMPARE(idled.size(), 2);
  QVERIFY(!further);
  QCOMPARE(told, 0);
}

void TestBackground::what_is_carried_out_hears_no_stop() {
  QString error = QStringLiteral("not told");
  Background background;
  background.stop();
  background.carry_out([] { interruption_point(); }, [&](const QString& words) { error = words; });
  QTRY_COMPARE(error, QString());
}

QTEST_GUILESS_MAIN(TestBackground)
#include "test_background.moc"
