// A step in slow motion against autograd on a network of 4-3-3-2, and its written arithmetic against a little
// calculator: what a student would do with a pencil.
#include <torch/csrc/autograd/autograd.h>

#include <QRegularExpression>
#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/inspection/step_rehearsal.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

#include "tests/inspection/calculator.h"

using namespace grapevine;

namespace {

NetworkSpec tiny(LayerKind activation) {
  return {{4}, {{linear(4, 3), layer(activation)}, {linear(3, 3), layer(activation)}, {linear(3, 2)}}};
}

constexpr double rate = 0.5;

/// A step as a trainer makes it, in float64, with plain SGD.
struct Made {
  Made(const std::string& rule_name, LayerKind activation, std::int64_t samples,
       const std::map<std::string, std::string>& settings = {})
      : bed(tiny(activation), Pass::probing(), samples, 0.8) {
    Experiment experiment(rule_name);
    for (const auto& [key, value] : settings) experiment.set_text(key, value);
    rule = make_rule(experiment);
    rule->attach(bed.network, 4);
    // A step before, so that momentum and matrices are not those of the start.
    Lesson first = bed.lesson();
    SeededDraws draws(4, 1);
    rule->learn(first, draws);
  }
  Rehearsal rehearse(const RehearsalRequest& request) {
    StepRecord record{*rule, bed.lesson()};
    const auto copies = [&] {
      NamedTensors all;
      for (const auto& [name, tensor] : rule->state()) all.emplace_back(name, tensor.clone());
      return all;
    };
    record.before = copies();
    rule->keep_traces(true);
    SeededDraws draws(4, 2);
    rule->learn(record.lesson, draws);
    if (rule->traces()) record.traces = *rule->traces();
    record.signals = rule->signals_of_step();
    record.after = copies();
    record.rate = rate;
    record.moved = bed.network.values().flat() - rate * bed.gradients.flat();
    return StepWriter(record, request).write();
  }
  ForwardBed bed;
  std::unique_ptr<Rule> rule;
};

std::optional<double> number_named(const Rehearsal& step, const std::string& title, const std::string& name) {
  for (const RehearsedPhase& phase : step.phases)
    if (phase.title == title)
      for (const WorkedNumber& number : phase.numbers)
        if (number.name == name) return number.value;
  return std::nullopt;
}

}  // namespace

class TestStepRehearsal : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_written_comes_to_what_stands_there_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("activation");
    QTest::addColumn<int>("samples");
    for (const char* rule : {"bp", "fa", "dfa", "drtp", "grape", "residual", "pepita"})
      for (const char* activation : {"relu", "tanh"})
        for (const int samples : {1, 3})
          QTest::addRow("%s %s %d", rule, activation, samples) << rule << activation << samples;
  }

  void what_is_written_comes_to_what_stands_there() {
    QFETCH(QString, rule);
    QFETCH(QString, activation);
    QFETCH(int, samples);
    Made made(rule.toStdString(), layer_kind(activation.toStdString()).value(), samples);
    const Rehearsal step = made.rehearse({.racer = 0, .point = 1, .sample = 0, .unit = 0, .whole = true});
    QVERIFY(step.can_be_whole && step.request.whole);
    int worked_out = 0;
    for (const RehearsedPhase& phase : step.phases)
      for (const WorkedNumber& number : phase.numbers) {
        if (number.arithmetic.empty()) continue;
        try {
          const double found = Calculator(number.arithmetic).value();
          // Factors are written with four digits.
          const double allowed = 2e-3 * std::max(1.0, std::abs(number.value)) + 2e-3;
          QVERIFY2(std::abs(found - number.value) <= allowed,
                   qPrintable(QStringLiteral("%1: %2 = %3, not %4")
                                  .arg(QString::fromStdString(number.name),
                                       QString::fromStdString(number.arithmetic))
                                  .arg(found)
                                  .arg(number.value)));
          ++worked_out;
        } catch (const std::string& error) {
          QFAIL(error.c_str());
        }
      }
    QVERIFY2(worked_out > 60, qPrintable(QString::number(worked_out)));
  }

  // Everything that BP writes, by autograd.
  void backpropagation_is_autograds() {
    Made made("bp", LayerKind::tanh, 2);
    const Rehearsal step = made.rehearse({.racer = 0, .point = 1, .sample = 0, .unit = 0, .whole = true});
    NamedParameters leaves = leaves_of(made.bed.network);
    std::vector<at::Tensor> outputs = oracle_network(tiny(LayerKind::tanh), made.bed.x, leaves);
    for (auto& h : outputs) h.retain_grad();
    oracle_loss(outputs.back(), made.bed.y).backward();
    const auto same = [&](const char* title, const std::string& name, const at::Tensor& value) {
      const std::optional<double> found = number_named(step, title, name);
      QVERIFY2(found.has_value(), name.c_str());
      QVERIFY2(std::abs(*found - value.item<double>()) < 1e-10, name.c_str());
    };
    for (int l = 1; l <= 3; ++l) {
      const at::Tensor& h = outputs[static_cast<std::size_t>(l - 1)];
      const std::string key = std::to_string(l) + ".0";
      for (std::int64_t n = 0; n < 2; ++n)
        for (std::int64_t k = 0; k < h.size(1); ++k) {
          const std::string place = "[n=" + std::to_string(n) + ", " + std::to_string(k) + "]";
          same("Forward", (l == 3 ? "z" : with_index("h", l)) + place, h[n][k]);
          if (l == 3)
            same("Forward", "e" + place, h.grad()[n][k]);
          else
            same("Signal", with_index("δ", l) + place, h.grad()[n][k]);
        }
      const at::Tensor w = leaves.at(key + ".weight"), b = leaves.at(key + ".bias");
      for (std::int64_t k = 0; k < w.size(0); ++k) {
        const std::string unit = std::to_string(k);
        for (std::int64_t i = 0; i < w.size(1); ++i) {
          const std::string place = "[" + unit + ", " + std::to_string(i) + "]";
          same("Gradient", with_index("∂W", l) + place, w.grad()[k][i]);
          same("Update", with_index("W", l) + place, w.detach()[k][i] - rate * w.grad()[k][i]);
        }
        same("Gradient", with_index("∂b", l) + "[" + unit + "]", b.grad()[k]);
        same("Update", with_index("b", l) + "[" + unit + "]", b.detach()[k] - rate * b.grad()[k]);
      }
    }
  }

  // ż by forward differences, Ĵ and B's turn by the text's equations in LibTorch.
  void grape_turns_by_the_equation() {
    Made made("grape", LayerKind::tanh, 2);
    const at::Tensor before = (*made.rule->feedback())[0].clone();
    at::Tensor momentum;
    for (const auto& [name, tensor] : made.rule->state())
      if (name == "feedback_momentum/1") momentum = tensor.clone();
    const Rehearsal step = made.rehearse({.racer = 0, .point = 1, .sample = 0, .unit = 0, .whole = true});
    at::Tensor p = at::zeros({2, 3}, f64), z_dot = at::zeros({2, 2}, f64);
    const auto place = [](std::int64_t n, std::int64_t k) {
      return "[n=" + std::to_string(n) + ", " + std::to_string(k) + "]";
    };
    for (std::int64_t n = 0; n < 2; ++n) {
      for (std::int64_t k = 0; k < 3; ++k) p[n][k] = *number_named(step, "Tangents", "p₁" + place(n, k));
      for (std::int64_t c = 0; c < 2; ++c) z_dot[n][c] = *number_named(step, "Tangents", "ż" + place(n, c));
    }
    const at::Tensor estimate = z_dot.t().mm(p) / 2;
    // cos of each column, and its gradient, by autograd.
    const at::Tensor leaf = before.clone().set_requires_grad(true);
    const at::Tensor cosines = (leaf * estimate).sum(0) / (leaf.norm(2, 0) * estimate.norm(2, 0));
    const at::Tensor g = -torch::autograd::grad({cosines.sum()}, {leaf})[0];
    const at::Tensor turned = before - 0.01 * (0.9 * momentum + g);
    const at::Tensor after = turned / turned.norm(2, 0);
    for (std::int64_t c = 0; c < 2; ++c)
      for (std::int64_t k = 0; k < 3; ++k) {
        const std::string entry = "[" + std::to_string(c) + ", " + std::to_string(k) + "]";
        QVERIFY(std::abs(*number_named(step, "Estimate", "Ĵ₁" + entry) - estimate[c][k].item<double>()) <
                1e-10);
        QVERIFY(std::abs(*number_named(step, "Turn", "B₁" + entry) - after[c][k].item<double>()) < 1e-10);
      }
  }

  void each_rule_has_phases_of_its_own() {
    const auto titles = [](const std::string& rule) {
      Made made(rule, LayerKind::relu, 2);
      QStringList all;
      for (const RehearsedPhase& phase : made.rehearse({}).phases) all << QString::fromStdString(phase.title);
      return all.join(' ');
    };
    QCOMPARE(titles("bp"), QString("Forward Signal Gradient Update"));
    QCOMPARE(titles("grape"), QString("Forward Tangents Estimate Turn Signal Gradient Update"));
    QCOMPARE(titles("residual"), QString("Forward Tangents Correct B Signal Gradient Update"));
    QCOMPARE(titles("pepita"), QString("Forward Second pass Gradient Update"));
    QCOMPARE(titles("kp"), QString("Forward Signal Gradient Update"));
    QCOMPARE(titles("fg_weight"), QString("Forward Gradient Update"));  // has no signal
  }

  void one_unit_is_shown_of_a_network_too_large_for_a_page() {
    ForwardBed bed({{2, 4, 4},
                    {{conv(2, 3), layer(LayerKind::relu)},
                     {layer(LayerKind::flatten), linear(48, 20), layer(LayerKind::relu)},
                     {linear(20, 4)}}},
                   Pass::probing(), 3, 0.5);
    for (const char* name : {"bp", "fa", "dfa", "grape", "residual", "local"}) {
      const std::unique_ptr<Rule> rule = make_rule(Experiment(name));
      rule->attach(bed.network, 1);
      StepRecord record{*rule, bed.lesson()};
      record.before = rule->state();
      rule->keep_traces(true);
      SeededDraws draws(1, 1);
      rule->learn(record.lesson, draws);
      if (rule->traces()) record.traces = *rule->traces();
      record.signals = rule->signals_of_step();
      record.after = rule->state();
      record.moved = bed.network.values().flat().clone();
      for (const int point : {1, 2, 99}) {
        const Rehearsal step =
            StepWriter(record, {.racer = 0, .point = point, .sample = 7, .unit = 1000000, .whole = true})
                .write();
        QVERIFY(!step.can_be_whole && !step.request.whole);
        QCOMPARE(step.request.point, std::min(point, 2));
        QCOMPARE(step.request.sample, std::int64_t{2});
        QCOMPARE(step.request.unit, std::int64_t{point == 1 ? 47 : 19});
        QVERIFY(!step.phases.empty());
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestStepRehearsal)
#include "test_step_rehearsal.moc"
