// Lesson files: what may stand in one, and that mistakes and malice are refused with their line.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "engine/error.h"
#include "engine/lessons/lesson_files.h"
#include "engine/lessons/line_map.h"
#include "tests/lessons/support.h"
#include "tests/support/refusal.h"

using namespace grapevine;

class TestLessonFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lines_are_those_of_the_values();
  void a_whole_step_is_read();
  void mistakes_are_named_by_their_line_data();
  void mistakes_are_named_by_their_line();
  void a_lesson_is_told_from_an_experiment();
  void torn_files_are_refused();
  void a_file_is_opened_by_its_path();
  void an_unknown_name_is_told_with_its_nearest();
  void those_that_come_along_can_be_read();
};

void TestLessonFiles::lines_are_those_of_the_values() {
  const LineMap lines = lines_of("{ // a comment\n\"a\": [1,\n  {\"b\": \"x\"}],\n\n\"c\":\ntrue}");
  QCOMPARE(lines.at(""), 1);
  QCOMPARE(lines.at("/a"), 2);
  QCOMPARE(lines.at("/a/0"), 2);
  QCOMPARE(lines.at("/a/1"), 3);
  QCOMPARE(lines.at("/a/1/b"), 3);
  QCOMPARE(lines.at("/c"), 6);
}

void TestLessonFiles::a_whole_step_is_read() {
  const LessonPlan lesson = plan_with(
      "'text': ['One {dfa.cos_delta[2] angle}.', 'Two.'], 'formula': 'δ = e B',"
      "'show': {'view': 'stage', 'measure': 'cos_delta', 'spotlight': 'quick'},"
      "'until': [{'measure': 'dfa.cos_delta[1]', 'above': 0.5, 'samples': 3},"
      "          {'measure': 'dfa.test_accuracy', 'below': 'bp.test_accuracy'},"
      "          {'event': 'calibration', 'times': 2, 'says': 'Two exact steps'},"
      "          {'command': 'set', 'key': 'optimizer.lr', 'example': '0.01'}, {'answer': true}],"
      "'seen': 'It is {bp.test_accuracy}.', 'hints': ['Wait.'],"
      "'question': {'text': 'Which?', 'choices': [{'text': 'this', 'right': true, 'says': 'Yes.'},"
      "                                            {'text': 'that'}]}");
  QCOMPARE(lesson.name, std::string("test"));
  QCOMPARE(lesson.experiments.at("main").racers.size(), std::size_t{4});
  const LessonStep& step = lesson.steps.front();
  QCOMPARE(step.text.size(), std::size_t{2});
  QCOMPARE(step.text.front().parts.size(), std::size_t{3});
  QCOMPARE(step.show.spotlight, 3);
  QCOMPARE(step.until.size(), std::size_t{5});
  const auto& first = std::get<MeasureCondition>(step.until[0].what);
  QCOMPARE(first.reading.racer, std::size_t{1});
  QCOMPARE(first.reading.point, 1);
  QVERIFY(first.above && first.samples == 3 && std::get<double>(first.bound) == 0.5);
  const auto& second = std::get<MeasureCondition>(step.until[1].what);
  QVERIFY(!second.above && std::get<LessonReading>(second.bound).racer == 0);
  QVERIFY(std::get<EventCondition>(step.until[2].what).kind == EventKind::calibration);
  QCOMPARE(std::get<EventCondition>(step.until[2].what).times, 2);
  QVERIFY(std::get<CommandCondition>(step.until[3].what).kind == LiveChange::Kind::set);
  QCOMPARE(std::get<CommandCondition>(step.until[3].what).key, std::string("optimizer.lr"));
  QVERIFY(std::holds_alternative<AnswerCondition>(step.until[4].what));
  QVERIFY(step.question->choices.front().right);
}

void TestLessonFiles::mistakes_are_named_by_their_line_data() {
  QTest::addColumn<QString>("step");
  QTest::addColumn<QString>("message");
  const auto row = [](const char* name, const char* step, const char* message) {
    QTest::newRow(name) << QString::fromUtf8(step) << QString::fromUtf8(message);
  };
  row("unknown key", "'titel': 'x'",
      "line 6: steps[1].titel: there is no such key here; did you mean title?");
  row("no measure", "'until': [\n{'measure': 'dfa.cos_detla', 'above': 1}]",
      "line 7: steps[1].until[1].measure: there is no measure 'cos_detla'; did you mean cos_delta");
  row("no racer", "'until': [{'measure': 'residual.loss', 'above': 1}]", "there is no racer 'residual'");
  row("two of a rule", "'until': [{'measure': 'grape.loss', 'above': 1}]",
      "several racers have the rule grape");
  row("no layer", "'until': [{'measure': 'dfa.cos_delta[x]', 'above': 1}]", "a layer is a number from 1");
  row("layer 0", "'until': [{'measure': 'dfa.cos_delta[0]', 'above': 1}]", "a layer is a number from 1");
  row("a huge layer", "'until': [{'measure': 'dfa.cos_delta[99999999999999999999]', 'above': 1}]",
      "a layer is a number from 1");
  row("layer of a run's measure", "'until': [{'measure': 'dfa.loss[1]', 'above': 1}]",
      "loss is measured of the whole run");
  row("above and below", "'until': [{'measure': 'dfa.loss', 'above': 1, 'below': 2}]",
      "by above or by below");
  row("no bound", "'until': [{'measure': 'dfa.loss'}]", "by above or by below");
  row("two kinds", "'until': [{'measure': 'dfa.loss', 'above': 1, 'event': 'x'}]", "no such key here");
  row("no kind", "'until': [{'says': 'x'}]", "a condition is one of measure, event, command and answer");
  row("no samples", "'until': [{'measure': 'dfa.loss', 'above': 1, 'samples': 0}]", "a whole number from 1");
  row("an open brace", "'text': 'see {dfa.loss'", "line 6: steps[1].text: a '{' is not closed");
  row("no reading", "'text': 'see {it}'", "is not a number of a run");
  row("an angle of a loss", "'text': 'see {dfa.loss angle}'", "only a cosine can be shown as an angle");
  row("no experiment", "'text': 'see {other:dfa.loss}'", "there is no experiment 'other'");
  row("no question", "'until': [{'answer': true}]", "the step has no question to answer");
  row("nothing right", "'question': {'text': 'x', 'choices': [{'text': 'y'}]}",
      "none of the choices is right");
  row("no live setting", "'until': [{'command': 'set', 'key': 'train.batch', 'example': '3'}]",
      "train.batch can't change while a run is in progress");
  row("a wrong example", "'until': [{'command': 'set', 'key': 'optimizer.lr', 'example': '-3'}]",
      "optimizer.lr");
  row("no command", "'until': [{'command': 'rm', 'key': 'x', 'example': '3'}]",
      "a command is set, calibrate, lesion or freeze");
  row("a command that lessons do not wait for",
      "'until': [{'command': 'unfreeze', 'example': '5:dfa/unfreeze:1'}]",
      "a command is set, calibrate, lesion or freeze");
  row("an unknown event", "'until': [{'event': 'finishd'}]",
      "no run reports 'finishd'; did you mean finished?");
  row("a negative tolerance", "'question': {'text': 'x', 'number': 'dfa.loss', 'within': -1}",
      "expected a number from 0");
  row("a percentage", "'until': [{'measure': 'dfa.test_accuracy', 'above': 80}]",
      "test_accuracy is a fraction from 0 to 1: 80 % is 0.8");
  row("an angle for a cosine", "'until': [{'measure': 'dfa.cos_delta[1]', 'above': 60}]",
      "cos_delta is a cosine, from -1 to 1");
  row("a key twice", "'hints': 'x',\n'hints': 'y'", "line 7: the key \"hints\" appears twice in one object");
  row("a view", "'show': {'view': 'desk'}", "desk is not valid: the views are stage and scope");
  row("a control character", "'hints': '\\u001b[31m'", "control character");
  row("a list of nothing", "'until': []", "at least one entry");
  row("a number for a text", "'formula': 3", "expected text in quotes");
}

void TestLessonFiles::mistakes_are_named_by_their_line() {
  QFETCH(QString, step);
  QFETCH(QString, message);
  try {
    plan_with(step);
  } catch (const InputError& error) {
    const QString said = QString::fromUtf8(error.what());
    QVERIFY2(said.startsWith(QStringLiteral("test.json: line ")), error.what());
    QVERIFY2(said.contains(message), error.what());
    return;
  }
  QFAIL("the lesson was taken");
}

void TestLessonFiles::a_lesson_is_told_from_an_experiment() {
  QVERIFY(looks_like_lesson(lesson_with("")));
  const std::string far_too_long = lesson_with("") + std::string(2 << 20, ' ');
  QVERIFY(looks_like_lesson(far_too_long));
  QVERIFY(has(refusal([&] { read_lesson(far_too_long, "a.json", "a"); }), "a lesson has at most"));
  QVERIFY(looks_like_lesson("// mine\n{\"lesson\": 1, \"steps\": 3}"));
  QVERIFY(!looks_like_lesson("{\"rule\": {\"name\": \"bp\"}}"));
  QVERIFY(!looks_like_lesson("{"));
  QVERIFY(!looks_like_lesson(std::string(100000, '[')));
}

void TestLessonFiles::torn_files_are_refused() {
  const std::string whole = lesson_with("'text': 'é {dfa.loss}', 'until': [{'event': 'finished'}]");
  // Each byte's loss and each beginning: read, or refused in one sentence; never anything else.
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (std::string torn : {whole.substr(0, i), whole.substr(0, i) + whole.substr(i + 1)}) try {
        read_lesson(torn, "torn.json", "torn");
      } catch (const InputError&) {
      }
  const auto refused = [](const QString& document) {
    try {
      read_lesson(quoted(document), "test.json", "test");
    } catch (const InputError& error) {
      return QString::fromUtf8(error.what());
    }
    return QString();
  };
  QVERIFY(refused("[]").contains("expected an object"));
  QVERIFY(refused("{'lesson': 2, 'title': 'x', 'steps': []}").contains("newer Grapevine"));
  QVERIFY(refused("{'lesson': 1, 'title': 'x', 'steps': []}").contains("at least one entry"));
  const QString begin =
      QStringLiteral("{'lesson': 1, 'title': 'x', 'steps': [{'title': 'y'}], 'experiments': ");
  QVERIFY(refused(begin + "{'a': {'data': {'dir': '/etc'}}}}").contains("must not set data.dir"));
  QVERIFY(refused(begin + "{'a': {'device': 'cuda:1'}}}").contains("must not set device"));
  QVERIFY(refused(begin + "{'a': '/etc/passwd'}}").contains("no preset"));
  QVERIFY(refused(begin + "{'a': {'model': {'hidden': [-1]}}}}").contains("model.hidden"));
  QVERIFY(refused(begin + "{'a b': {}}}").contains("no blanks"));
  QVERIFY(refused(QString(1 << 21, QLatin1Char(' '))).contains("at most"));
}

void TestLessonFiles::a_file_is_opened_by_its_path() {
  QTemporaryDir folder;
  const std::string file = folder.filePath(QStringLiteral("my-own.json")).toStdString();
  std::ofstream(file) << lesson_with("");
  QCOMPARE(load_lesson(file).name, std::string("my-own"));
  QVERIFY_EXCEPTION_THROWN(load_lesson(folder.path().toStdString() + "/none.json"), InputError);
  QVERIFY_EXCEPTION_THROWN(load_lesson(folder.path().toStdString() + "/"), InputError);
}

void TestLessonFiles::an_unknown_name_is_told_with_its_nearest() {
  const std::string name = lessons().front().name;
  try {
    load_lesson(name + "x");
    QFAIL("there is such a lesson");
  } catch (const InputError& error) {
    QVERIFY2(QString::fromUtf8(error.what()).contains(QString::fromStdString(name)), error.what());
  }
}

void TestLessonFiles::those_that_come_along_can_be_read() {
  // Every file of the source tree is there, in an order without gaps, and whole.
  const QDir folder(QStringLiteral(GRAPEVINE_SOURCE_DIR "/resources/lessons"));
  QCOMPARE(lessons().size(), static_cast<std::size_t>(folder.entryList({"*.json"}, QDir::Files).size()));
  int before = 0;
  for (const LessonPlan& lesson : lessons()) {
    QVERIFY2(lesson.order > before, lesson.name.c_str());
    before = lesson.order;
    QVERIFY2(!lesson.summary.empty() && !lesson.card.empty(), lesson.name.c_str());
    QVERIFY2(lesson.minutes >= 5 && lesson.minutes <= 15, lesson.name.c_str());
    QVERIFY2(lesson.steps.size() >= 4, lesson.name.c_str());
    QVERIFY2(!lesson.steps.front().experiment.empty(), lesson.name.c_str());
    for (const LessonStep& step : lesson.steps) QVERIFY2(!step.text.empty(), lesson.name.c_str());
  }
}

QTEST_GUILESS_MAIN(TestLessonFiles)
#include "test_lesson_files.moc"
