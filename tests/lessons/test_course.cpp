// What runs show of a lesson, and a student's way through it, on made numbers.
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/lessons/conditions.h"
#include "engine/lessons/course.h"
#include "tests/lessons/support.h"

using namespace grapevine;

namespace {

LessonCondition condition(const QString& text) {
  return plan_with(QStringLiteral("'question': {'text': '?', 'choices': [{'text': 'a', 'right': true}]},"
                                  "'until': [%1]")
                       .arg(text))
      .steps.front()
      .until.front();
}

}  // namespace

class TestCourse : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_measure_counts_rows_of_samples();
  void a_measure_of_all_layers_waits_for_the_last();
  void racers_are_held_against_each_other();
  void events_and_commands_are_found();
  void texts_quote_the_run();
  void what_was_seen_stays_seen();
  void answers_are_judged();
  void a_lesson_is_left_and_taken_up_again();
  void foreign_progress_is_ignored_data();
  void foreign_progress_is_ignored();
};

void TestCourse::a_measure_counts_rows_of_samples() {
  MadeRuns made;
  add_curve(*made.racers[1], "cos_delta", 1, {0.1, 0.6, 0.4, 0.6, std::nan(""), 0.6, 0.6, 0.2});
  const auto above = [](int samples) {
    return condition(
        QStringLiteral("{'measure': 'dfa.cos_delta[1]', 'above': 0.5, 'samples': %1}").arg(samples));
  };
  QCOMPARE(met_at(above(1), made.runs()).value_or(-1), 10);
  QCOMPARE(met_at(above(2), made.runs()).value_or(-1), 60);  // what is not a number breaks the row
  QCOMPARE(met_at(above(3), made.runs()).value_or(-1), -1);
  QCOMPARE(met_at(condition("{'measure': 'dfa.cos_delta[1]', 'below': 0.3, 'samples': 1}"), made.runs())
               .value_or(-1),
           0);
  QCOMPARE(met_at(above(1), {}).value_or(-1), -1);
  QCOMPARE(met_at(condition("{'measure': 'dfa.cos_delta[1]', 'above': 0.6}"), made.runs()).value_or(-1), -1);
}

void TestCourse::a_measure_of_all_layers_waits_for_the_last() {
  MadeRuns made;
  const auto all = condition("{'measure': 'dfa.cos_delta', 'above': 0.5}");
  QCOMPARE(met_at(all, made.runs()).value_or(-1), -1);
  add_curve(*made.racers[1], "cos_delta", 1, {0.6, 0.7, 0.8});
  add_curve(*made.racers[1], "cos_delta", 2, {0.1, 0.2, 0.9});
  QCOMPARE(met_at(all, made.runs()).value_or(-1), 20);
}

void TestCourse::racers_are_held_against_each_other() {
  MadeRuns made;
  add_curve(*made.racers[0], "test_accuracy", 0, {0.3, 0.5, 0.8});
  const auto ahead = condition("{'measure': 'bp.test_accuracy', 'above': 'dfa.test_accuracy'}");
  QCOMPARE(met_at(ahead, made.runs()).value_or(-1), -1);  // nothing to hold it against
  add_curve(*made.racers[1], "test_accuracy", 0, {0.4, 0.5});
  QCOMPARE(met_at(ahead, made.runs()).value_or(-1), 20);  // against the last value known then
}

void TestCourse::events_and_commands_are_found() {
  MadeRuns made;
  made.racers[2]->events = {event_at(5, "calibration"),
                            event_at(9, "setting", "{\"key\": \"optimizer.lr\"}"),
                            event_at(12, "setting", "no json"),
                            event_at(15, "calibration"),
                            event_at(18, "lesion"),
                            event_at(21, "freeze"),
                            event_at(30, "finished")};
  QCOMPARE(met_at(condition("{'command': 'lesion', 'example': '5:dfa/lesion:1:randomise'}"), made.runs())
               .value_or(-1),
           18);
  QCOMPARE(met_at(condition("{'command': 'freeze', 'example': '5:dfa/freeze:1'}"), made.runs()).value_or(-1),
           21);
  QCOMPARE(met_at(condition("{'event': 'calibration'}"), made.runs()).value_or(-1), 5);
  QCOMPARE(met_at(condition("{'event': 'calibration', 'times': 2}"), made.runs()).value_or(-1), 15);
  QCOMPARE(met_at(condition("{'event': 'calibration', 'times': 3}"), made.runs()).value_or(-1), -1);
  QCOMPARE(met_at(condition("{'command': 'calibrate'}"), made.runs()).value_or(-1), 5);
  const char* set = "{'command': 'set', 'key': '%1', 'example': '0.5'}";
  QCOMPARE(met_at(condition(QString::fromLatin1(set).arg("optimizer.lr")), made.runs()).value_or(-1), 9);
  QCOMPARE(met_at(condition(QString::fromLatin1(set).arg("rule.align_rate")), made.runs()).value_or(-1), -1);
  QCOMPARE(met_at(condition("{'answer': true}"), made.runs()).value_or(-1), -1);
}

void TestCourse::texts_quote_the_run() {
  const LessonPlan lesson = plan_with(
      "'text': ['{bp.test_accuracy} and {bp.test_accuracy first}, best {bp.test_accuracy best}',"
      "'{dfa.cos_delta[1]} is {dfa.cos_delta[1] angle}, mean {dfa.cos_delta}', '{quick.loss} of {bp.loss "
      "best}']");
  const auto said = [&](std::size_t i, const LessonRuns& runs) {
    return QString::fromStdString(text_of(lesson.steps.front().text[i], runs));
  };
  MadeRuns made;
  QCOMPARE(said(0, made.runs()), QStringLiteral("– and –, best –"));
  add_curve(*made.racers[0], "test_accuracy", 0, {0.25, 0.9, 0.8425});
  add_curve(*made.racers[0], "loss", 0, {2, 0.5, 1});
  add_curve(*made.racers[1], "cos_delta", 1, {0.1, 0.5});
  add_curve(*made.racers[1], "cos_delta", 2, {0.1, 1.0});
  QCOMPARE(said(0, made.runs()), QStringLiteral("84.2 % and 25.0 %, best 90.0 %"));
  QCOMPARE(said(1, made.runs()), QStringLiteral("0.50 is 60°, mean 0.75"));
  QCOMPARE(said(2, made.runs()), QStringLiteral("– of 0.50"));
}

void TestCourse::what_was_seen_stays_seen() {
  Course course(plan_with("'until': [{'measure': 'dfa.loss', 'below': 1}, {'event': 'finished'}]"));
  MadeRuns made;
  QVERIFY(!course.look(made.runs()));
  add_curve(*made.racers[1], "loss", 0, {2, 0.5});
  QVERIFY(course.look(made.runs()));
  QVERIFY(!course.look(made.runs()));
  QVERIFY(course.is_met(0, 0) && !course.is_met(0, 1) && !course.is_done(0));
  QCOMPARE(course.met_step(0, 0).value_or(-1), 10);
  made.racers[1]->events = {event_at(20, "finished")};
  made.racers[1]->series.clear();  // another run of the same experiment
  QVERIFY(course.look(made.runs()));
  QVERIFY(course.is_done(0) && course.is_complete());
}

void TestCourse::answers_are_judged() {
  const QString choices = QStringLiteral(
      "'question': {'text': '?', 'choices': [{'text': 'a'}, {'text': 'b', 'right': true}]},"
      "'until': [{'answer': true}]");
  Course course(plan_with(choices));
  QVERIFY(!course.answer(std::size_t{0}) && !course.is_done(0));
  QCOMPARE(course.answer_of(0)->choice, 0);
  QVERIFY(!course.answer(std::size_t{7}));
  QVERIFY(course.answer(std::size_t{1}) && course.is_done(0));
  QVERIFY(!course.met_step(0, 0));

  Course numbers(
      plan_with("'question': {'text': '?', 'number': 'bp.test_accuracy', 'within': 0.5},"
                "'until': [{'answer': true}]"));
  MadeRuns made;
  QVERIFY(!numbers.answer(84.0, made.runs()));  // nothing measured
  add_curve(*made.racers[0], "test_accuracy", 0, {0.842});
  QVERIFY(!numbers.answer(0.842, made.runs()));
  QVERIFY(!numbers.answer(83.5, made.runs()));
  QVERIFY(numbers.answer(84.0, made.runs()) && numbers.is_done(0));
}

void TestCourse::a_lesson_is_left_and_taken_up_again() {
  const std::string document = quoted(
      "{'lesson': 1, 'title': 'x', 'experiments': {'main': {}}, 'steps': [{'title': 'a', 'experiment': "
      "'main',"
      "'until': [{'measure': 'grape.loss', 'below': 1}]}, {'title': 'b', 'question': {'text': '?',"
      "'choices': [{'text': 'a', 'right': true}]}, 'until': [{'answer': true}]}, {'title': 'c'}]}");
  Course course(read_lesson(document, "t.json", "t"));
  QCOMPARE(course.experiment_of(2), std::string("main"));
  auto run = std::make_shared<RunData>();
  add_curve(*run, "loss", 0, {0.5});
  course.look({{"main", {run}}});
  course.runs["main"] = {17};
  course.next();
  course.answer(std::size_t{0});
  course.next();
  course.next();
  QVERIFY(course.at_end());
  const nlohmann::json left = nlohmann::json::parse(course.to_json().dump());

  Course again(read_lesson(document, "t.json", "t"));
  again.take_up(left);
  QCOMPARE(again.position(), std::size_t{2});
  QVERIFY(again.is_done(0) && again.is_done(1) && again.answer_of(1)->right);
  QCOMPARE(again.met_step(0, 0).value_or(-1), 0);
  QCOMPARE(again.runs.at("main"), (std::vector<std::int64_t>{17}));
}

void TestCourse::foreign_progress_is_ignored_data() {
  QTest::addColumn<QString>("json");
  QTest::newRow("nothing") << "null";
  QTest::newRow("a list") << "[1]";
  QTest::newRow("another lesson's") << "{'position': 1, 'steps': [{}, {}]}";
  QTest::newRow("wild") << "{'position': -7, 'steps': [{'met': [1], 'answer': 3}], 'runs': {'main': [1]}}";
  QTest::newRow("wilder")
      << "{'position': 1e99, 'steps': [{'met': {'0': 'x', '9': 1},"
         "'answer': {'choice': 77, 'right': 1, 'number': 'y'}}], 'runs': {'main': {'a': 2}}}";
}

void TestCourse::foreign_progress_is_ignored() {
  QFETCH(QString, json);
  Course course(plan_with("'question': {'text': '?', 'choices': [{'text': 'a', 'right': true}]}"));
  course.take_up(nlohmann::json::parse(quoted(json)));
  QCOMPARE(course.position(), std::size_t{0});
  QVERIFY(course.runs.empty());
  if (course.answer_of(0)) QVERIFY(course.answer_of(0)->choice <= 0);
}

QTEST_GUILESS_MAIN(TestCourse)
#include "test_course.moc"
