// What is said of a run without changing it: a measure that crosses a line, a note at a step.
#include <QtTest>
#include <nlohmann/json.hpp>

#include "engine/session/alert_watch.h"
#include "tests/session/scripted_stepper.h"
#include "tests/support/refusal.h"

using namespace grapevine;

namespace {

Sample at(const char* measure, int point, std::int64_t step, double value, int racer = 0) {
  Sample sample;
  sample.racer = static_cast<std::uint16_t>(racer);
  sample.measure = static_cast<std::uint16_t>(measure_index(measure));
  sample.point = static_cast<std::uint16_t>(point);
  sample.step = step;
  sample.value = value;
  return sample;
}

/// The steps of the crossings that are told.
std::vector<std::int64_t> steps(AlertWatch& watch, const std::vector<Sample>& samples) {
  std::vector<Event> events;
  watch.look(samples, events);
  std::vector<std::int64_t> all;
  for (const Event& event : events) all.push_back(event.step);
  return all;
}

using Steps = std::vector<std::int64_t>;

}  // namespace

class TestRemarks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_line_is_crossed_from_one_side_to_the_other() {
    AlertWatch watch;
    watch.watch("cos_b_j<0.2");
    // Beyond it from the beginning is not a crossing; each fall after a rise is one.
    QCOMPARE(steps(watch, {at("cos_b_j", 1, 0, 0.0), at("cos_b_j", 1, 1, 0.5), at("cos_b_j", 1, 2, 0.2),
                           at("cos_b_j", 1, 3, 0.1), at("cos_b_j", 1, 4, 0.05), at("cos_b_j", 1, 5, 0.6),
                           at("cos_b_j", 1, 6, 0.19)}),
             (Steps{3, 6}));
  }
  void what_trembles_about_a_line_crosses_it_once() {
    AlertWatch watch;
    watch.watch("loss>2");
    // Rises to the line, then ±0.3 about it; then well below, and over it again.
    std::vector<Sample> curve;
    for (int step = 0; step < 40; ++step) curve.push_back(at("loss", 0, step, 1 + 0.025 * step));
    for (int step = 40; step < 240; ++step) curve.push_back(at("loss", 0, step, step % 2 ? 2.3 : 1.7));
    QCOMPARE(steps(watch, curve), Steps{41});
    curve.clear();
    for (int step = 240; step < 300; ++step) curve.push_back(at("loss", 0, step, 0.5));
    curve.push_back(at("loss", 0, 300, 2.5));
    QCOMPARE(steps(watch, curve), Steps{300});
  }
  void back_by_a_little_is_not_back() {
    AlertWatch watch;
    watch.watch("loss>100");  // a twentieth of the line is 5
    QCOMPARE(steps(watch, {at("loss", 0, 0, 99), at("loss", 0, 1, 100.5), at("loss", 0, 2, 99.5),
                           at("loss", 0, 3, 100.5), at("loss", 0, 4, 94), at("loss", 0, 5, 100.5)}),
             (Steps{1, 5}));
  }
  void layers_and_racers_are_watched_apart() {
    AlertWatch watch;
    watch.watch("cos_b_j<0.2");
    QCOMPARE(steps(watch, {at("cos_b_j", 1, 0, 0.5), at("cos_b_j", 2, 0, 0.1), at("cos_b_j", 1, 0, 0.5, 1),
                           at("cos_b_j", 2, 0, 0.1, 1)}),
             Steps{});
    QCOMPARE(steps(watch, {at("cos_b_j", 1, 4, 0.1, 1)}), Steps{4});
    watch.watch("cos_b_j[2]<0.2");
    QCOMPARE(steps(watch, {at("cos_b_j", 1, 5, 0.5), at("cos_b_j", 1, 6, 0.1), at("cos_b_j", 2, 7, 0.5),
                           at("cos_b_j", 2, 8, 0.1), at("cos_delta", 2, 9, 0.1)}),
             Steps{8});
  }
  // An accuracy has its first value after an epoch: there is no other side to be seen from.
  void a_first_value_beyond_the_line_is_said() {
    AlertWatch watch;
    watch.watch("test_accuracy>0.3");
    const std::vector<Sample> curve = {at("test_accuracy", 0, 100, 0.82), at("test_accuracy", 0, 200, 0.85)};
    std::vector<Event> events;
    watch.look(curve, events);
    QCOMPARE(events.size(), std::size_t{1});
    QCOMPARE(events[0].step, std::int64_t{100});
    QCOMPARE(events[0].cause, std::string("test_accuracy is above 0.3 at its first value: 0.82"));
    // Of a run that continues it was said before.
    watch.watch("test_accuracy>0.3", true);
    QCOMPARE(steps(watch, curve), Steps{});
  }
  void what_is_no_number_crosses_nothing() {
    AlertWatch watch;
    watch.watch("loss>3");
    QCOMPARE(steps(watch, {at("loss", 0, 1, 1), at("loss", 0, 2, std::nan("")), at("loss", 0, 3, 4)}),
             Steps{3});
  }

  void a_session_tells_it_as_an_event() {
    Script script = of_steps(6);
    SessionPlan plan;
    Scene scene(script, 1, plan, {{"alerts", "loss>2.5"}});
    scene.finish();
    QCOMPARE(scene.kinds(), (Words{"started", "alert", "finished"}));
    const Event& told = scene.told.events[1];
    QCOMPARE(told.step, std::int64_t{3});
    QCOMPARE(told.cause, std::string("loss rose above 2.5: 3"));
    const auto data = nlohmann::json::parse(told.data);
    QCOMPARE(data["value"].get<double>(), 3.0);
    QCOMPARE(data["above"].get<bool>(), true);
  }
  void a_note_stands_at_its_step_and_changes_nothing() {
    Scene scene(of_steps(10), 2, paused());
    QVERIFY(scene.until_state(SessionState::paused));
    scene.session->step(4);
    QVERIFY(scene.until([&] { return scene.told.states.size() == 3; }));
    const std::uint64_t here = scene.session->note({1, -1, "a spike"}),
                        before = scene.session->note({0, 2, "it began here"}),
                        late = scene.session->note({0, 5, "not yet"});
    QVERIFY(scene.until_answered(late));
    QVERIFY(scene.answer(here).empty() && scene.answer(before).empty());
    QVERIFY(has(scene.answer(late), "not yet there"));
    QCOMPARE(scene.kinds(1).back(), std::string("note"));
    const Event& told = scene.told.events.back();
    QVERIFY(told.racer == 0 && told.step == 2 && told.epoch == 0.4 && told.cause == "it began here");
    QVERIFY(scene.told.commands.empty());
    scene.session->play();
    scene.finish();
    QCOMPARE(scene.values(), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  }
};

QTEST_GUILESS_MAIN(TestRemarks)
#include "test_remarks.moc"
