// The end of the window while something besides a run is at work: it is stopped, said, and waited for without
// standing still.
#include <QAbstractButton>
#include <QMessageBox>
#include <QSignalSpy>
#include <QtTest>
#include <fstream>

#include "tests/panels/run_controller_fixture.h"
#include "ui/panels/closing.h"
#include "ui/panels/library_store.h"

using namespace grapevine;

class TestClosing : public QObject, RunControllerFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start_over(); }
  void other_work_is_stopped_and_waited_for();
  void a_run_that_is_started_meanwhile_is_asked_for();
  void nothing_at_work_closes_at_once();
  void a_file_that_is_being_written_is_told();
};

void TestClosing::other_work_is_stopped_and_waited_for() {
  QWidget window;
  const auto run = make();
  Closing closing(&window, run.get(), false);
  bool busy = true;
  int stops = 0;
  closing.wait_for({[&] { return busy; }, [&] { ++stops; }, QStringLiteral("Stopping it")});
  QSignalSpy words(&closing, &Closing::waiting);
  window.show();
  QVERIFY(!closing.may_close());
  QVERIFY(!closing.may_close());  // asked again, it waits on
  QCOMPARE(stops, 1);
  QCOMPARE(words.size(), 1);
  QCOMPARE(words.front().front().toString(), QStringLiteral("Stopping it"));
  closing.look();
  QTest::qWait(0);
  QVERIFY(window.isVisible());
  busy = false;
  closing.look();
  QTRY_VERIFY(!window.isVisible());
}

void TestClosing::a_run_that_is_started_meanwhile_is_asked_for() {
  QWidget window;
  const auto run = make();
  Closing closing(&window, run.get(), true);
  connect(run.get(), &RunController::state_changed, &closing, &Closing::look);
  bool busy = true;
  closing.wait_for({[&] { return busy; }, [] {}, {}});
  window.show();
  QVERIFY(!closing.may_close());
  run->start(race(), RunController::Begin::paused);
  QTRY_VERIFY(run->has_run());
  busy = false;
  closing.look();
  QVERIFY(!closing.may_close());
  auto* question = window.findChild<QMessageBox*>(QStringLiteral("close_question"));
  QVERIFY(question);
  question->buttons().front()->click();
  QTRY_VERIFY(!window.isVisible());
}

void TestClosing::nothing_at_work_closes_at_once() {
  QWidget window;
  const auto run = make();
  Closing closing(&window, run.get(), false);
  closing.wait_for({[] { return false; }, [] {}, {}});
  QVERIFY(closing.may_close());
}

void TestClosing::a_file_that_is_being_written_is_told() {
  LibraryStore store;
  QSignalSpy idled(&store, &LibraryStore::idled);
  QVERIFY(!store.writing());
  store.set_database(QString::fromStdString(database()));
  store.export_runs({1}, folder_->filePath(QStringLiteral("a.csv")));
  QVERIFY(store.writing());
  QTRY_VERIFY(!store.writing());
  QVERIFY(!idled.isEmpty());
}

QTEST_MAIN(TestClosing)
#include "test_closing.moc"
