// Files that the run library writes and takes in.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "engine/runs/export_formats.h"
#include "engine/runs/run_file.h"
#include "tests/panels/stored_library.h"
#include "tests/runs/support.h"
#include "ui/panels/library_commands.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"

using namespace grapevine;

class TestLibraryFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<Folder>();
    database_ = folder_->database();
  }
  void every_format_of_the_terminal_is_offered();
  void files_are_imported();

 private:
  void show(RunLibraryDock& dock, LibraryStore& store, int expected) {
    dock.resize(900, 300);
    dock.show();
    store.set_database(QString::fromStdString(database_));
    QTRY_COMPARE(dock.model()->rowCount(), expected);
  }

  std::unique_ptr<Folder> folder_;
  std::string database_;
};

void TestLibraryFiles::every_format_of_the_terminal_is_offered() {
  const QStringList one = export_filters(false, true), stateless = export_filters(false, false),
                    several = export_filters(true, false);
  QCOMPARE(one.size(), static_cast<qsizetype>(export_formats().size()) + 1);
  QCOMPARE(stateless.size(), one.size() - 4);  // a checkpoint, and parameters in three formats
  QCOMPARE(several.size(), stateless.size());
  QVERIFY(several.filter("*.html)").size() == 1 && several.filter("*.pt)").isEmpty());
  // The filter that was chosen decides, the first leaves it to the name.
  const auto filter = [&](const char* ending) { return one.filter(QLatin1String(ending)).last(); };
  QCOMPARE(named_for("a/run-1.csv", one.first()), QString("a/run-1.csv"));
  QCOMPARE(named_for("a/run-1.csv", filter("(*.curves.npz)")), QString("a/run-1.curves.npz"));
  QCOMPARE(named_for("run-1.curves.npz", filter("(*.npz)")), QString("run-1.npz"));
  QCOMPARE(named_for("run-1", filter("(*.html)")), QString("run-1.html"));
  QCOMPARE(named_for("run-1.HTML", filter("(*.html)")), QString("run-1.HTML"));
  QCOMPARE(export_format_of("curves.npz")->name, std::string("curves.npz"));
  QVERIFY(!export_format_of("runs.docx"));
  // What is not written here needs the terminal's program.
  store_run(database_, 1, "dfa", 0.6);
  LibraryStore store;
  store.set_database(QString::fromStdString(database_));
  QSignalSpy trouble(&store, &LibraryStore::trouble), written(&store, &LibraryStore::exported);
  QTemporaryDir folder;
  store.export_runs({1}, folder.filePath("a.html"));
  QCOMPARE(trouble.count(), 1);
  QVERIFY(trouble.takeFirst().first().toString().contains("grapevine-cli"));
  // It gets the runs, the database and the file.
  const QString program = folder.filePath("program"), told = folder.filePath("told");
  QFile script(program);
  QVERIFY(script.open(QIODevice::WriteOnly));
  script.write(("#!/bin/sh\necho \"$@\" > " + told + "\n").toUtf8());
  script.close();
  QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner));
  store.set_program(program);
  store.export_runs({1, 2}, folder.filePath("a.html"));
  QVERIFY(store.writing());
  QTRY_COMPARE(written.count(), 1);
  QTRY_VERIFY(!store.writing());
  QFile words(told);
  QVERIFY(words.open(QIODevice::ReadOnly));
  QCOMPARE(QString::fromUtf8(words.readAll()).trimmed(),
           QStringLiteral("export --quiet 1 2 --db %1 -o %2")
               .arg(QString::fromStdString(database_), folder.filePath("a.html")));
}

void TestLibraryFiles::files_are_imported() {
  store_run(database_, 1, "dfa", 0.6);
  Folder elsewhere;
  store_run(elsewhere.database(), 2, "bp", 0.75);
  QTemporaryDir folder;
  const QString run_file = folder.filePath("two.run"), csv = folder.filePath("curves.csv");
  write_run_file(elsewhere.database(), {uuid_of(2)}, run_file.toStdString(), true);
  const auto write = [](const QString& name, const QByteArray& content) {
    QFile file(name);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
  };
  QVERIFY(write(csv, "step,test_accuracy\n1,0.25\n2,0.5\n"));
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  QSignalSpy ended(&store, &LibraryStore::imported), trouble(&store, &LibraryStore::trouble);
  dock.edits()->import_files({run_file, csv});
  QVERIFY(store.importing());
  QTRY_COMPARE(ended.count(), 1);
  QCOMPARE(ended.takeFirst().first().toString(), QString("2 runs taken in."));
  QTRY_COMPARE(dock.model()->rowCount(), 3);
  QTRY_VERIFY(!store.importing());
  QCOMPARE(trouble.count(), 0);
  // Once more, next to a file that is none: the other one is taken in all the same.
  const QString state = folder.filePath("state.checkpoint");
  QVERIFY(write(state, "GRAPEVCK"));
  dock.edits()->import_files({state, run_file});
  QTRY_COMPARE(ended.count(), 1);
  QCOMPARE(ended.takeFirst().first().toString(), QString("0 runs taken in; 1 was here already."));
  QCOMPARE(trouble.count(), 1);
  QVERIFY(trouble.takeFirst().first().toString().contains("is a checkpoint"));
  QCOMPARE(dock.model()->rowCount(), 3);
}

QTEST_MAIN(TestLibraryFiles)
#include "test_library_files.moc"
