// A stepper whose numbers a test can work out by hand: each racer holds x, starting at its number; a step
// does x ← x + rate, a calibration x ← 2x, and what is reported is x. It can fail, throw and wait as it is
// told.
#pragma once

#include <QtTest>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/session/session.h"

namespace grapevine {

using State = SessionState;
using States = std::vector<State>;
using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

/// What the stepper does at which point. Filled in before the session starts, then left alone.
struct Script {
  std::int64_t total_steps = 10;
  std::function<void()> at_prepare;                 ///< may throw
  std::function<void(const WorkHooks&)> long_work;  ///< a part of prepare()
  std::function<void(std::int64_t step)> at_step;   ///< before the step counts; may throw or wait
  std::int64_t racer_0_falls_at = -1;               ///< reported as an event, the others continue
  bool steps_stand_unread = false;                  ///< what a step reports is told by settle()
  std::int64_t checkpoint_size = 0;                 ///< bytes that a kept state is said to take
  std::function<void(bool at_rest, const std::function<bool()>& interrupt)> at_look;  ///< may throw
};

inline Script of_steps(std::int64_t steps) {
  Script script;
  script.total_steps = steps;
  return script;
}

inline SessionPlan paused() {
  SessionPlan plan;
  plan.start_paused = true;
  return plan;
}

class ScriptedStepper : public Stepper {
 public:
  ScriptedStepper(Script script, std::size_t racers) : script_(std::move(script)), rate_(racers, 1) {
    for (std::size_t racer = 0; racer < racers; ++racer) x_.push_back(static_cast<double>(racer));
  }

  RaceInfo prepare(const WorkHooks& hooks) override {
    if (script_.at_prepare) script_.at_prepare();
    if (script_.long_work) script_.long_work(hooks);
    RaceInfo info;
    info.steps_per_epoch = 5;
    info.total_steps = script_.total_steps;
    info.device = "cpu";
    info.threads = 1;
    return info;
  }
  void restore(const CheckpointSet& set) override {
    for (std::size_t racer = 0; racer < x_.size(); ++racer) {
      x_[racer] = set.racers.at(racer).numbers.at("x");
      rate_[racer] = set.racers.at(racer).numbers.at("rate");
      step_ = set.racers.at(racer).step;
    }
  }
  void begin(Report& report) override { tell(report); }
  bool step(Report& report) override {
    if (script_.at_step) script_.at_step(step_ + 1);
    ++step_;
    for (std::size_t racer = 0; racer < x_.size(); ++racer) x_[racer] += rate_[racer];
    if (step_ == script_.racer_0_falls_at) report.events.push_back(event("failed", "the loss is not finite"));
    tell(script_.steps_stand_unread ? unread_ : report);
    return step_ < script_.total_steps;
  }
  void settle(Report& report) override {
    report.samples.insert(report.samples.end(), unread_.samples.begin(), unread_.samples.end());
    unread_.samples.clear();
  }
  std::int64_t step_count() const override { return step_; }
  double epoch() const override { return static_cast<double>(step_) / 5; }
  CheckpointSet checkpoint() const override {
    CheckpointSet set;
    for (std::size_t racer = 0; racer < x_.size(); ++racer) {
      Checkpoint one;
      one.step = step_;
      one.numbers = {{"x", x_[racer]}, {"rate", rate_[racer]}};
      set.racers.push_back(one);
    }
    return set;
  }
  void set(int racer, std::string_view key, std::string_view value) override {
    if (key != "rate") throw InputError("there is no setting '" + std::string(key) + "'");
    for (std::size_t i = 0; i < rate_.size(); ++i)
      if (racer < 0 || static_cast<std::size_t>(racer) == i) rate_[i] = std::stod(std::string(value));
  }
  /// A lesion sets x to zero; layer 1 alone is there.
  void check(const LiveChange& change) const override {
    if (change.kind == LiveChange::Kind::lesion && change.layer != 1)
      throw InputError("there is no feedback to layer " + std::to_string(change.layer));
  }
  void intervene(const LiveChange& change, Report& report) override {
    check(change);
    for (std::size_t i = 0; i < x_.size(); ++i)
      if (change.racer < 0 || static_cast<std::size_t>(change.racer) == i) x_[i] = 0;
    report.events.push_back(event("lesion", words_of(change)));
  }
  std::int64_t checkpoint_size() const override { return script_.checkpoint_size; }
  void calibrate(int racer, std::string_view cause, Report& report) override {
    for (std::size_t i = 0; i < x_.size(); ++i)
      if (racer < 0 || static_cast<std::size_t>(racer) == i) x_[i] *= 2;
    report.events.push_back(event("calibration", std::string(cause)));
  }
  /// α of the point asked for is x.
  InspectionSet inspect(const InspectionRequest& request, bool at_rest,
                        const std::function<bool()>& interrupt) override {
    if (script_.at_look) script_.at_look(at_rest, interrupt);
    Inspection found;
    found.point = request.point;
    found.step = step_;
    found.alpha = x_.front();
    return {found};
  }

 private:
  Event event(const char* kind, std::string cause) const {
    return {0, step_, epoch(), OpenWord<EventKind>::read(kind), std::move(cause), "{}"};
  }
  void tell(Report& report) const {
    for (std::size_t racer = 0; racer < x_.size(); ++racer) {
      Sample sample;
      sample.racer = static_cast<std::uint16_t>(racer);
      sample.measure = static_cast<std::uint16_t>(measure_index("loss"));
      sample.step = step_;
      sample.epoch = epoch();
      sample.value = x_[racer];
      report.samples.push_back(sample);
    }
  }

  Script script_;
  Report unread_;
  std::vector<double> x_, rate_;
  std::int64_t step_ = 0;
};

/// A session over scripted steppers and everything that it has told so far.
class Scene {
 public:
  explicit Scene(Script script, std::size_t racers = 1, SessionPlan plan = {},
                 const std::map<std::string, std::string>& settings = {}) {
    plan.racers.assign(racers, Experiment("bp"));
    for (Experiment& racer : plan.racers) {
      racer.set_text("checkpoint.every_seconds", "0");
      for (const auto& [key, value] : settings) racer.set_text(key, value);
    }
    session = std::make_unique<Session>(
        std::move(plan),
        [script](const std::vector<Experiment>& all) -> std::unique_ptr<Stepper> {
          return std::make_unique<ScriptedStepper>(script, all.size());
        },
        std::vector<Outlet>{{box, true}, {plain_box, false}});
  }

  /// Takes up news until `enough()`; false after ten seconds, which no passing test takes.
  bool until(const std::function<bool()>& enough) {
    for (int waited = 0; waited < 1000; ++waited) {
      if (enough()) return true;
      Observations news;
      if (box->wait_and_take(news, std::chrono::milliseconds(10))) add(news);
    }
    return enough();
  }
  bool until_state(SessionState state) {
    return until([&] { return !told.states.empty() && told.states.back() == state; });
  }
  bool until_answered(std::uint64_t id) {
    return until([&] { return answer(id) != "nothing yet"; });
  }
  /// "" for a command that was carried out.
  std::string answer(std::uint64_t id) const {
    for (const Acknowledgement& one : told.acknowledgements)
      if (one.command_id == id) return one.message;
    return "nothing yet";
  }
  void finish() {
    session->join();
    Observations news;
    if (box->take(news)) add(news);
  }

  std::vector<double> values(int racer = 0) const {
    std::vector<double> all;
    for (const Sample& sample : told.samples)
      if (sample.racer == racer) all.push_back(sample.value);
    return all;
  }
  std::vector<std::string> kinds(int racer = 0) const {
    std::vector<std::string> all;
    for (const Event& event : told.events)
      if (event.racer == racer) all.push_back(event.kind.text());
    return all;
  }

  std::shared_ptr<ObservationBox> box = std::make_shared<ObservationBox>();
  std::shared_ptr<ObservationBox> plain_box = std::make_shared<ObservationBox>();
  Observations told;
  std::vector<Inspection> looks;  ///< at most one of each look into the mailbox
  std::unique_ptr<Session> session;

 private:
  void add(const Observations& news) {
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(told.samples, news.samples);
    append(told.events, news.events);
    append(told.commands, news.commands);
    append(told.acknowledgements, news.acknowledgements);
    append(told.checkpoints, news.checkpoints);
    append(told.states, news.states);
    if (news.step >= 0) told.step = news.step;
    if (news.preparing) told.preparing = news.preparing;
    if (news.undoable) told.undoable = news.undoable;
    if (!news.failure.empty()) told.failure = news.failure;
    if (news.inspection) looks.push_back(news.inspection->front());
  }
};

}  // namespace grapevine
