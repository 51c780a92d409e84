// Every rule's step against worked examples that an independent program computed from dense Jacobians, and
// proof that each example would notice a wrong step: a sign flipped, a 1/N dropped, a matrix transposed, a
// draw changed.
#include <QDir>
#include <QFile>
#include <QtTest>

#include "engine/checks/verify.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/rules/rule.h"

#include "tests/rules/worked_examples.h"

namespace grapevine {
namespace {

Experiment experiment_of(const WorkedStep& step) {
  Experiment experiment(step.rule);
  for (const auto& [name, number] : step.rule_numbers) {
    const Setting* setting = find_setting("rule." + name, step.rule);
    if (!setting) continue;
    if (setting->kind == Kind::integer)
      experiment.set("rule." + name, static_cast<std::int64_t>(number));
    else
      experiment.set("rule." + name, number);
  }
  for (const auto& [name, word] : step.rule_words) experiment.set_text("rule." + name, word);
  return experiment;
}

/// A rule whose step goes wrong in one way.
class Mutant : public Rule {
 public:
  using Change = std::function<at::Tensor(const at::Tensor& e)>;
  using Damage = std::function<void(Rule& rule, Lesson& lesson)>;
  Mutant(std::unique_ptr<Rule> rule, Change change_error, Damage before, Damage after)
      : rule_(std::move(rule)),
        change_(std::move(change_error)),
        before_(std::move(before)),
        after_(std::move(after)) {}

  void attach(const Network& network, std::int64_t seed) override { rule_->attach(network, seed); }
  void learn(Lesson& lesson, Draws& draws) override {
    if (before_) before_(*rule_, lesson);
    const at::Tensor e = change_ ? change_(lesson.e) : lesson.e;
    Lesson wrong{lesson.network, lesson.tape, lesson.pass, lesson.y, e, lesson.gradients, lesson.clock};
    rule_->learn(wrong, draws);
    step_signals_ = rule_->signals_of_step();
    if (after_) after_(*rule_, lesson);
  }
  void after_update(Lesson& lesson, Draws& draws) override { rule_->after_update(lesson, draws); }
  bool rehearse(Lesson& lesson, Signals& signals) override { return rule_->rehearse(lesson, signals); }
  std::vector<at::Tensor>* feedback() override { return rule_->feedback(); }
  const std::vector<at::Tensor>* jacobian_estimate() const override { return rule_->jacobian_estimate(); }
  const std::vector<at::Tensor>* average_estimate() const override { return rule_->average_estimate(); }
  void keep_traces(bool keep) override { rule_->keep_traces(keep); }
  const std::vector<KeptTrace>* traces() const override { return rule_->traces(); }
  const std::vector<at::Tensor>* transport() override { return rule_->transport(); }
  NamedTensors state() override { return rule_->state(); }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    return rule_->multiply_adds(cost, n);
  }

 private:
  std::unique_ptr<Rule> rule_;
  Change change_;
  Damage before_, after_;
};

// The entries of a C×n matrix in the order that its transpose has them.
void transpose_in_place(at::Tensor m) {
  if (m.dim() < 2) return;
  const at::Tensor rows = m.flatten(1);
  m.copy_(rows.t().contiguous().view(m.sizes()));
}

struct Mutation {
  const char* name;
  Mutant::Change change_error;
  Mutant::Damage before, after;
};

void turn_state(Rule& rule, const std::string& prefix, const std::function<void(at::Tensor)>& how) {
  for (auto& [name, tensor] : rule.state())
    if (name.rfind(prefix, 0) == 0) how(tensor);
}

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> all = {
      {"the error's sign flipped", [](const at::Tensor& e) { return -e; }, {}, {}},
      {"the 1/N dropped", [](const at::Tensor& e) { return e * static_cast<double>(e.size(0)); }, {}, {}},
      {"1/N twice", [](const at::Tensor& e) { return e / static_cast<double>(e.size(0)); }, {}, {}},
      {"every feedback matrix transposed",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "feedback/", transpose_in_place); },
       {}},
      {"every feedback matrix of the other sign",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "feedback/", [](at::Tensor t) { t.neg_(); }); },
       {}},
      {"the momentum forgotten",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "feedback_momentum/", [](at::Tensor t) { t.zero_(); }); },
       {}},
      {"the average of the estimates forgotten",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "jacobian_average/", [](at::Tensor t) { t.zero_(); }); },
       {}},
      {"every transport transposed",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "transport/", transpose_in_place); },
       {}},
      {"the projection transposed",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "projection", transpose_in_place); },
       {}},
      {"magnitudes doubled",
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "magnitude/", [](at::Tensor t) { t.mul_(2); }); },
       {}},
      {"alignment away from the Jacobian", {}, [](Rule& rule, Lesson&) { rule.set("align_rate", -0.1); }, {}},
      {"a rate of alignment ten times too small",
       {},
       [](Rule& rule, Lesson&) { rule.set("align_rate", 0.01); },
       {}},
      {"no decay", {}, [](Rule& rule, Lesson&) { rule.set("decay", 1); }, {}},
      {"the gradient of the first layer's weights of the other sign",
       {},
       {},
       [](Rule&, Lesson& lesson) { lesson.gradients[0].neg_(); }},
      {"the last layer's gradient forgotten",
       {},
       {},
       [](Rule&, Lesson& lesson) {
         lesson.gradients.segment(lesson.network.layout(), lesson.network.segments()).zero_();
       }},
      {"the feedback's gradient of the other sign",
       {},
       {},
       [](Rule& rule, Lesson&) { turn_state(rule, "feedback_gradient/", [](at::Tensor t) { t.neg_(); }); }},
      {"the estimate without its 1/N",
       {},
       {},
       [](Rule& rule, Lesson& lesson) {
         if (rule.jacobian_estimate())
           for (at::Tensor j : *rule.jacobian_estimate()) j.mul_(static_cast<double>(lesson.e.size(0)));
       }},
  };
  return all;
}

/// Is there a number other than zero?
bool any_number(const ArrayMap& arrays) {
  for (const auto& [key, array] : arrays)
    for (unsigned char byte : array.bytes)
      if (byte != 0) return true;
  return false;
}

/// Does the mutation touch anything of this rule? One that finds nothing to damage proves nothing.
bool applies(const Mutation& mutation, const WorkedStep& step) {
  const std::string name = mutation.name;
  const auto has = [&](const char* what) { return name.find(what) != std::string::npos; };
  if (has("feedback matrix")) return !step.feedback.empty();
  if (has("momentum")) return any_number(step.feedback_momentum);
  if (has("transport")) return !step.transport.empty();
  if (has("projection")) return !step.projection.empty();
  // brsf draws its magnitudes again: what was there before can't matter.
  if (has("magnitudes")) return !step.magnitude.empty();
  if (has("lignment")) return step.rule_numbers.count("align_rate") != 0 && step.rule != "grape2025";
  if (has("decay")) return step.rule_numbers.count("decay") != 0;
  if (has("feedback's gradient")) return step.expected.count("feedback_gradient") != 0;
  if (has("average")) return any_number(step.jacobian_average) && step.rule != "grape2025";
  if (has("estimate")) return step.expected.count("jacobian_estimate") != 0;
  return true;
}

}  // namespace

class TestWorkedSteps : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_step_is_right_data() { every_file(); }

  void the_step_is_right() {
    QFETCH(QString, path);
    const VerifyLine line = verify(path.toStdString(), read(path), "cpu");
    QVERIFY2(line.passed,
             qPrintable(QString("%1 %2 (%3)")
                            .arg(QString::fromStdString(line.trouble), QString::fromStdString(line.quantity))
                            .arg(line.largest_error)));
  }

  void a_wrong_step_is_noticed_data() { every_file(); }

  void a_wrong_step_is_noticed() {
    QFETCH(QString, path);
    const WorkedStep step = read_worked_step(path.toStdString(), read(path));
    int tried = 0;
    for (const Mutation& mutation : mutations()) {
      if (!applies(mutation, step)) continue;
      Mutant mutant(make_rule(experiment_of(step)), mutation.change_error, mutation.before, mutation.after);
      const VerifyLine line = verify(step, "cpu", &mutant);
      QVERIFY2(line.trouble.empty(), line.trouble.c_str());
      QVERIFY2(!line.passed, mutation.name);
      ++tried;
    }
    // The wrapper itself must change nothing, or the above would prove nothing.
    Mutant sound(make_rule(experiment_of(step)), {}, {}, {});
    QVERIFY(verify(step, "cpu", &sound).passed);
    QVERIFY(tried >= 5);
  }

  void every_rule_has_an_example() {
    std::set<std::string> covered;
    for (const QFileInfo& file : folder().entryInfoList({"*.json"}, QDir::Files))
      covered.insert(read_worked_step("", read(file.absoluteFilePath())).rule);
    for (const auto& rule : rules()) QVERIFY2(covered.count(rule.key), rule.key.c_str());
  }

 private:
  static void every_file() {
    QTest::addColumn<QString>("path");
    for (const QFileInfo& file : folder().entryInfoList({"*.json"}, QDir::Files))
      QTest::newRow(qPrintable(file.baseName())) << file.absoluteFilePath();
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestWorkedSteps)
#include "test_worked_steps.moc"
