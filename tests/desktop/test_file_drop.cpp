// Files dropped onto the window: each does what opening it by the menu does.
#include <QAbstractButton>
#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QMessageBox>
#include <QMimeData>
#include <QUrl>

#include "engine/experiment/experiment.h"
#include "engine/runs/run_file.h"
#include "engine/runs/run_queue.h"
#include "tests/desktop/window_fixture.h"
#include "tests/panels/stored_library.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/opened_file.h"
#include "ui/panels/start_page.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

class TestFileDrop : public QObject, private WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void a_file_is_what_is_in_it_data();
  void a_file_is_what_is_in_it();
  void files_are_copied_and_never_moved();
  void an_experiment_comes_into_the_form();
  void an_opened_experiment_is_seen();
  void a_lesson_opens();
  void runs_and_curves_are_taken_in();
  void a_database_is_asked_about();
  void a_sweep_is_asked_about();
  void parameters_are_what_the_network_starts_from();
  void what_cannot_be_taken_is_named();

 private:
  QString write(const char* name, const QByteArray& content) const {
    const QString path = folder_->filePath(QLatin1String(name));
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? path : QString();
  }
  /// Whether the window took them, dropped onto the figures in its middle.
  static bool drop(MainWindow& window, const QList<QUrl>& urls, Qt::DropAction* done = nullptr) {
    QMimeData mime;
    mime.setUrls(urls);
    const Qt::DropActions offered = Qt::CopyAction | Qt::MoveAction | Qt::LinkAction;
    QDragEnterEvent enter(QPoint(5, 5), offered, &mime, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QCoreApplication::sendEvent(window.scope(), &enter);
    if (!enter.isAccepted()) return false;
    QDropEvent event(QPointF(5, 5), offered, &mime, Qt::LeftButton, Qt::NoModifier);
    event.setDropAction(Qt::MoveAction);  // as a file manager proposes within one disk
    QCoreApplication::sendEvent(window.scope(), &event);
    if (done) *done = event.dropAction();
    return event.isAccepted();
  }
  static bool drop_files(MainWindow& window, const QStringList& files) {
    QList<QUrl> urls;
    for (const QString& file : files) urls << QUrl::fromLocalFile(file);
    return drop(window, urls);
  }
  static QMessageBox* question(MainWindow& window) {
    return window.findChild<QMessageBox*>(QStringLiteral("drop_question"));
  }
  static bool answer(MainWindow& window, const char* button) {
    QMessageBox* box = question(window);
    if (!box) return false;
    for (QAbstractButton* each : box->buttons())
      if (each->text().remove(QLatin1Char('&')) == QLatin1String(button)) {
        each->click();
        return QTest::qWaitFor([&] { return !question(window); });
      }
    return false;
  }
};

void TestFileDrop::a_file_is_what_is_in_it_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<int>("kind");
  const auto row = [](const char* name, const char* content, OpenedKind kind) {
    QTest::newRow(name) << QString::fromLatin1(name) << QByteArray(content) << static_cast<int>(kind);
  };
  row("a.json", R"({"rule": {"name": "dfa"}})", OpenedKind::experiment);
  row("broken.json", "{", OpenedKind::experiment);
  row("l.json", R"({"lesson": 1})", OpenedKind::lesson);
  // Longer than a lesson may be, which the lesson's reader says.
  row("long.json", QByteArray("{\"lesson\": 1, \"title\": \"" + QByteArray(4 << 20, 'a') + "\"}").constData(),
      OpenedKind::lesson);
  row("s.json", "// a sweep\n{\"grid\": {\"seed\": [0, 1]}}", OpenedKind::sweep);
  row("a.run", "SQLite format 3\n", OpenedKind::run_file);
  row("a.db", "SQLite format 3\n", OpenedKind::database);
  row("a", "SQLite format 3\n", OpenedKind::database);
  row("a.CSV", "step,loss\n", OpenedKind::curves);
  row("a.tsv", "step\tloss\n", OpenedKind::curves);
  row("a.safetensors", "x", OpenedKind::parameters);
  row("a.pt", "x", OpenedKind::parameters);
  row("data.npz", "x", OpenedKind::none);
  row("a.png", "x", OpenedKind::none);
}

void TestFileDrop::a_file_is_what_is_in_it() {
  QFETCH(QString, name);
  QFETCH(QByteArray, content);
  QFETCH(int, kind);
  const QString path = write(name.toLatin1().constData(), content);
  QCOMPARE(static_cast<int>(kind_of_opened(path.toStdString())), kind);
  QVERIFY(kind_of_opened(folder_->path().toStdString()) == OpenedKind::none);
  QVERIFY(kind_of_opened("/nowhere/a.json") == OpenedKind::none);
}

void TestFileDrop::files_are_copied_and_never_moved() {
  auto window = make();
  QMimeData words;
  words.setText(QStringLiteral("words"));
  QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &words, Qt::LeftButton, Qt::NoModifier);
  enter.ignore();
  QCoreApplication::sendEvent(window.get(), &enter);
  QVERIFY(!enter.isAccepted());
  Qt::DropAction done = Qt::IgnoreAction;
  const QString file = write("a.json", R"({"seed": 12})");
  QVERIFY(drop(*window, {QUrl::fromLocalFile(file)}, &done));
  QCOMPARE(done, Qt::CopyAction);
}

void TestFileDrop::an_experiment_comes_into_the_form() {
  auto window = make();
  const QString one = write("one.json", R"({"seed": 12})"), two = write("two.json", R"({"seed": 13})");
  QVERIFY(drop_files(*window, {one}));
  QCOMPARE(window->experiment()->form()->plan()->racers.front().integer("seed"), std::int64_t{12});
  QCOMPARE(window->messages()->sentence(), QString());
  // The form holds one.
  QVERIFY(drop_files(*window, {two, one}));
  QCOMPARE(window->experiment()->form()->plan()->racers.front().integer("seed"), std::int64_t{13});
  QCOMPARE(window->messages()->sentence(),
           QString("One experiment or lesson is open at a time: two.json was taken, one.json not."));
  // What is wrong with one is said as by the menu.
  window->messages()->clear();
  const QString wrong = write("wrong.json", R"({"optimizer": {"lrr": 1}})");
  QVERIFY(drop_files(*window, {wrong}));
  const QString said = window->messages()->sentence();
  QVERIFY2(said.contains("optimizer.lrr"), qPrintable(said));
  window->messages()->clear();
  QVERIFY(!window->experiment()->open_file(wrong));
  QCOMPARE(window->messages()->sentence(), said);
  QVERIFY(!window->run()->busy());  // nothing starts by itself
}

void TestFileDrop::an_opened_experiment_is_seen() {
  auto window = make();
  const QString file = write("one.json", R"({"seed": 12})");
  window->show_start_page();
  QVERIFY(!window->experiment()->isVisible());
  QVERIFY(window->experiment()->open_file(file));
  QVERIFY(window->experiment()->isVisible());
  QVERIFY(!window->start_page()->isVisible());
  window->show_library_page();
  window->actions_of_window().first_experiment->trigger();
  QVERIFY(window->experiment()->isVisible());
}

void TestFileDrop::a_lesson_opens() {
  auto window = make();
  QFile lesson(QStringLiteral(GRAPEVINE_SOURCE_DIR "/resources/lessons/break.json"));
  QVERIFY(lesson.open(QIODevice::ReadOnly));
  const QString file = write("mine.json", lesson.readAll());
  QVERIFY(drop_files(*window, {file}));
  QVERIFY(window->guide()->course());
  QCOMPARE(window->messages()->sentence(), QString());
}

void TestFileDrop::runs_and_curves_are_taken_in() {
  Folder elsewhere;
  store_run(elsewhere.database(), 2, "bp", 0.75);
  const QString run_file = folder_->filePath("two.run");
  write_run_file(elsewhere.database(), {uuid_of(2)}, run_file.toStdString(), true);
  const QString curves = write("curves.csv", "step,test_accuracy\n1,0.25\n2,0.5\n");
  auto window = make();
  QVERIFY(drop_files(*window, {run_file, curves}));
  QVERIFY(!question(*window));
  QTRY_COMPARE(listed(*window).size(), std::size_t{2});
  QTRY_COMPARE(window->messages()->sentence(), QString("2 runs taken in."));
}

void TestFileDrop::a_database_is_asked_about() {
  Folder elsewhere;
  store_run(elsewhere.database(), 2, "bp", 0.75);
  const QString other = QString::fromStdString(elsewhere.database());
  auto window = make();
  QVERIFY(drop_files(*window, {other}));
  QVERIFY(listed(*window).empty());
  QVERIFY(answer(*window, "Cancel"));
  QVERIFY(listed(*window).empty());
  QVERIFY(drop_files(*window, {other}));
  QVERIFY(answer(*window, "Import its runs"));
  QTRY_COMPARE(listed(*window).size(), std::size_t{1});
  QTRY_COMPARE(window->messages()->sentence(), QString("1 run taken in."));
  store_run(elsewhere.database(), 3, "dfa", 0.5);
  QVERIFY(drop_files(*window, {other}));
  QVERIFY(answer(*window, "Open it"));
  QTRY_COMPARE(listed(*window).size(), std::size_t{2});
  QVERIFY(RunReader(folder_->filePath("runs.db").toStdString()).list().size() == 1);
}

void TestFileDrop::a_sweep_is_asked_about() {
  auto window = make();
  const QString sweep =
      write("sweep.json",
            R"({"name": "rates", "experiment": {"rule": {"name": "dfa"}}, "grid": {"seed": [1, 2]}})");
  const auto waiting = [&] { return RunQueue(folder_->filePath("runs.db").toStdString()).list().size(); };
  QVERIFY(drop_files(*window, {sweep}));
  QVERIFY(question(*window));
  QCOMPARE(question(*window)->text(), QString("Queue the 2 experiments of sweep.json?"));
  QVERIFY(answer(*window, "Queue them"));
  QTRY_COMPARE(waiting(), std::size_t{2});
  const QString wrong = write("wrong.json", R"({"experiment": {}, "grid": {"sed": [1]}})");
  window->messages()->clear();
  QVERIFY(drop_files(*window, {wrong}));
  QVERIFY(!question(*window));
  QVERIFY2(window->messages()->sentence().contains("wrong.json"), qPrintable(window->messages()->sentence()));
}

void TestFileDrop::parameters_are_what_the_network_starts_from() {
  auto window = make();
  const QString file = write("net.safetensors", "x");
  QVERIFY(drop_files(*window, {file}));
  const auto plan = window->experiment()->form()->plan();
  QVERIFY(plan && !plan->racers.empty());
  for (const Experiment& racer : plan->racers) QCOMPARE(racer.text("model.weights"), file.toStdString());
}

void TestFileDrop::what_cannot_be_taken_is_named() {
  auto window = make();
  QVERIFY(drop_files(*window, {write("photo.png", "x")}));
  QCOMPARE(window->messages()->sentence(),
           QString("photo.png can't be opened: drop experiments, lessons or sweeps (JSON), run files, "
                   "databases, curves (CSV) or parameters (safetensors, pt, npz)."));
  window->messages()->clear();
  QVERIFY(QDir(folder_->path()).mkdir("runs"));
  QVERIFY(drop_files(*window, {folder_->filePath("runs")}));
  QCOMPARE(window->messages()->sentence(), QString("runs is a folder: drop the files in it."));
  window->messages()->clear();
  QVERIFY(drop(*window, {QUrl(QStringLiteral("https://example.org/a.json"))}));
  QCOMPARE(window->messages()->sentence(),
           QString("https://example.org/a.json is not a file of this machine: save it here, then drop it."));
}

QTEST_MAIN(TestFileDrop)
#include "test_file_drop.moc"
