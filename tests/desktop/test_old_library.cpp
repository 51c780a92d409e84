// The window over what release 0.1.0 wrote: its library lists the runs, and each can be opened.
#include <QAction>
#include <QApplication>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "engine/runs/run_reader.h"
#include "tests/fixtures/old_files.h"
#include "tests/session/fake_stepper.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/shown_runs.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

class TestOldLibrary : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void runs_are_listed_and_open();
};

void TestOldLibrary::runs_are_listed_and_open() {
  const QTemporaryDir folder;
  const std::string database = copy_old_files("0.1.0", folder.filePath(QStringLiteral("old")).toStdString());
  WindowParts parts;
  parts.make_stepper = fake_factory(std::make_shared<FakeWorld>());
  parts.database = QString::fromStdString(database);
  parts.config_folder = folder.filePath(QStringLiteral("config")).toStdString();
  MainWindow window(std::move(parts));
  window.show();
  RunLibraryModel* library = window.library()->model();
  QTRY_COMPARE(library->rowCount(), 18);  // the 19th was deleted

  std::set<std::int64_t> opened;
  for (int row = 0; row < library->rowCount(); ++row) {
    const RunSummary run = library->run(row);
    // The two that were killed are not taken for running ones.
    QVERIFY(run.status != RunStatus::running && run.status != RunStatus::paused);
    Q_EMIT window.library()->open_asked(run.id);
    QTRY_VERIFY(window.shown()->shows_stored());
    // The table of some figure holds its numbers; a run that failed at once has a few losses.
    const auto has_numbers = [&] {
      for (int i = 0; i < static_cast<int>(window.scope()->model().figures().size()); ++i)
        if (figure_csv(window.scope()->model(), i, false).count(QLatin1Char('\n')) > 3) return true;
      return false;
    };
    QTRY_VERIFY2(has_numbers(), qPrintable(QString::number(run.id)));
    window.actions_of_window().back_to_live->trigger();
    QVERIFY(!window.shown()->shows_stored());
    opened.insert(run.id);
  }
  QCOMPARE(opened.size(), std::size_t{18});
}

int main(int argc, char** argv) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QApplication app(argc, argv);
  TestOldLibrary test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_old_library.moc"
