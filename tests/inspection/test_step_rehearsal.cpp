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

namespace grapevine {
namespace {

/// Numbers, + − · / and brackets; √(…), exp, relu, tanh; a power of three. Throws std::string where it can't
/// read on.
class Calculator {
 public:
  explicit Calculator(const std::string& text) {
    QString plain = QString::fromStdString(text);
    plain.replace(QChar(0x2212), QLatin1Char('-')).replace(QChar(0x00b7), QLatin1Char('*'));
    plain.replace(QChar(0x221a), QStringLiteral("sqrt")).replace(QChar(0x00b3), QStringLiteral("^3"));
    plain.replace(QRegularExpression(QStringLiteral("\u2026 \\(\\d+ smaller terms: ([^)]*)\\)")),
                  QStringLiteral("(\\1)"));
    text_ = plain.remove(QLatin1Char(' ')).toStdString();
  }
  double value() {
    const double result = sum();
    if (at_ != text_.size()) throw "stopped at '" + text_.substr(at_) + "' of " + text_;
    return result;
  }

 private:
  bool eat(char sign) {
    if (at_ >= text_.size() || text_[at_] != sign) return false;
    ++at_;
    return true;
  }
  double sum() {
    double result = product();
    for (;;) {
      if (eat('+'))
        result += product();
      else if (eat('-'))
        result -= product();
      else
        return result;
    }
  }
  double product() {
    double result = power();
    for (;;) {
      if (eat('*'))
        result *= power();
      else if (eat('/'))
        result /= power();
      else
        return result;
    }
  }
  double power() {
    const double base = atom();
    return eat('^') ? eat('3'), base * base * base : base;
  }
  double atom() {
    if (eat('-')) return -power();
    if (eat('(')) {
      const double inner = sum();
      if (!eat(')')) throw "a bracket stays open in " + text_;
      return inner;
    }
    if (text_.compare(at_, 4, "max(") == 0) {
      at_ += 4;
      double largest = sum();
      while (eat(',')) largest = std::max(largest, sum());
      if (!eat(')')) throw "a bracket stays open in " + text_;
      return largest;
    }
    for (const auto& [name, function] : std::map<std::string, double (*)(double)>{
             {"sqrt", [](double x) { return std::sqrt(x); }},
             {"exp", [](double x) { return std::exp(x); }},
             {"relu", [](double x) { return std::max(0.0, x); }},
             {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
             {"tanh", [](double x) { return std::tanh(x); }}})
      if (text_.compare(at_, name.size(), name) == 0) {
        at_ += name.size();
        return function(atom());
      }
    std::size_t read = 0;
    const double number = std::stod(text_.substr(at_), &read);
    at_ += read;
    return number;
  }

  std::string text_;
  std::size_t at_ = 0;
};

NetworkSpec tiny(const std::string& activation) {
  return {{4}, {{linear(4, 3), layer(activation)}, {linear(3, 3), layer(activation)}, {linear(3, 2)}}};
}

constexpr double rate = 0.5;

/// A step as a trainer makes it, in float64, with plain SGD.
struct Made {
  Made(const std::string& rule_name, const std::string& activation, std::int64_t samples,
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

LayerSpec of_features(const std::string& type, std::int64_t features) {
  LayerSpec spec = layer(type);
  spec.features = features;
  return spec;
}

LayerSpec window(const std::string& type, std::int64_t kernel, std::int64_t stride) {
  LayerSpec spec = layer(type);
  spec.kernel = kernel;
  spec.stride = stride;
  return spec;
}

LayerSpec strided(LayerSpec spec, std::int64_t stride) {
  spec.stride = stride;
  return spec;
}

LayerSpec around(const std::string& type, std::vector<LayerSpec> body, std::vector<LayerSpec> shortcut) {
  LayerSpec spec = layer(type);
  spec.body = std::move(body);
  spec.shortcut = std::move(shortcut);
  return spec;
}

/// Networks of the parts of which a number's way is written out.
std::map<std::string, NetworkSpec> networks_of_parts() {
  std::map<std::string, NetworkSpec> all;
  all["norm and pool"] = {
      {2, 6, 6},
      {{conv(2, 3), of_features("batch_norm2d", 3), layer("relu"), window("max_pool2d", 2, 2)},
       {strided(conv(3, 4), 2), layer("tanh"), window("avg_pool2d", 2, 2)},
       {layer("flatten"), linear(4, 2)}}};
  all["norms of rows"] = {{5},
                          {{linear(5, 6), of_features("layer_norm", 6), layer("relu")},
                           {linear(6, 4), layer("sigmoid"), layer("rms_norm")},
                           {linear(4, 3)}}};
  LayerSpec pad = window("subsample_pad", 0, 2);
  pad.in = 3;
  pad.out = 5;
  all["residual"] = {{3, 4, 4},
                     {{around("residual", {conv(3, 3), of_features("batch_norm2d", 3)}, {}), layer("relu")},
                      {around("residual", {strided(conv(3, 5), 2)}, {pad}), layer("relu")},
                      {layer("flatten"), linear(20, 2)}}};
  LayerSpec side = strided(conv(3, 4), 2);
  side.kernel = 1;
  side.padding = 0;
  all["points within a block"] = {
      {3, 4, 4},
      {{around("fork", {strided(conv(3, 4), 2), of_features("batch_norm2d", 4), layer("relu")}, {})},
       {around("join", {conv(4, 4)}, {side}), layer("relu")},
       {layer("flatten"), linear(16, 2)}}};
  for (auto& [name, spec] : all) infer_sizes(spec);
  return all;
}

std::optional<double> number_named(const Rehearsal& step, const std::string& title, const std::string& name) {
  for (const RehearsedPhase& phase : step.phases)
    if (phase.title == title)
      for (const WorkedNumber& number : phase.numbers)
        if (number.name == name) return number.value;
  return std::nullopt;
}

}  // namespace
}  // namespace grapevine

using namespace grapevine;

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
    Made made(rule.toStdString(), activation.toStdString(), samples);
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
    Made made("bp", "tanh", 2);
    const Rehearsal step = made.rehearse({.racer = 0, .point = 1, .sample = 0, .unit = 0, .whole = true});
    NamedParameters leaves = leaves_of(made.bed.network);
    std::vector<at::Tensor> outputs = oracle_network(tiny("tanh"), made.bed.x, leaves);
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
    Made made("grape", "tanh", 2);
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
      Made made(rule, "relu", 2);
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
    ForwardBed bed(
        {{2, 4, 4},
         {{conv(2, 3), layer("relu")}, {layer("flatten"), linear(48, 20), layer("relu")}, {linear(20, 4)}}},
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

  // Each part by the calculator, and the whole by the network's own forward pass.
  void a_numbers_way_comes_to_what_the_network_has_data() {
    QTest::addColumn<QString>("network");
    for (const auto& [name, spec] : networks_of_parts()) QTest::addRow("%s", name.c_str()) << name.c_str();
  }
  void a_numbers_way_comes_to_what_the_network_has() {
    QFETCH(QString, network);
    const NetworkSpec spec = networks_of_parts().at(network.toStdString());
    ForwardBed bed(spec, Pass::probing(), 4, 0.6);
    for (int l = 1; l <= bed.network.segments(); ++l) {
      const at::Tensor h = l == bed.network.segments()
                               ? bed.tape.outputs.back()
                               : bed.network.rows(l, bed.tape.outputs[static_cast<std::size_t>(l - 1)]);
      for (std::int64_t unit = 0; unit < h.size(1); ++unit) {
        const std::int64_t n = unit % 4;
        const NumberTrail trail = trail_of(bed.network, l, bed.tape, n, unit);
        QVERIFY(!trail.numbers.empty());
        QVERIFY2(std::abs(trail.numbers.back().value - h[n][unit].item<double>()) < 1e-9,
                 qPrintable(QStringLiteral("segment %1, unit %2").arg(l).arg(unit)));
        for (const WorkedNumber& number : trail.numbers) {
          if (number.arithmetic.empty()) continue;
          try {
            const double found = Calculator(number.arithmetic).value();
            QVERIFY2(std::abs(found - number.value) <= 5e-3 * std::max(1.0, std::abs(number.value)),
                     qPrintable(QString::fromStdString(number.name + ": " + number.arithmetic)));
          } catch (const std::string& error) {
            QFAIL(error.c_str());
          }
        }
      }
    }
  }

  // At a corner a window of 3×3 loses five of its nine places.
  void a_windows_place_is_told() {
    const NetworkSpec spec = networks_of_parts().at("norm and pool");
    ForwardBed bed(spec, Pass::probing(), 4, 0.6);
    const NumberTrail trail = trail_of(bed.network, 1, bed.tape, 0, 0);
    const QString words = QString::fromStdString(trail.words);
    QVERIFY2(words.contains(QStringLiteral("channels 0–1")) && words.contains(QStringLiteral("products")),
             qPrintable(words));
    QCOMPARE(trail.weight_slot, bed.network.layout().slot("1.0.weight"));
    QVERIFY(trail.weight_index >= 0 && trail.weight_index < 3 * 2 * 9);
    QVERIFY(trail_of(bed.network, 2, bed.tape, 1, 0).numbers.size() >= 3);
  }

  void sums_are_written_as_people_write_them() {
    QCOMPARE(written_sum({{0.5, 0.25}, {0.1, -1}}, 0.2), std::string("0.5·0.25 + 0.1·(−1) + 0.2"));
    QCOMPARE(written(-0.25), std::string("−0.25"));
    QCOMPARE(written(0), std::string("0"));
    QCOMPARE(written(1234), std::string("1234"));
    QCOMPARE(written(-1.3e-5), std::string("−1.3e-05"));
    std::vector<Term> many(40, Term{1, 0.5});
    const std::string text = written_sum(many);
    QVERIFY(text.find("34 smaller terms: 17") != std::string::npos);
    QCOMPARE(with_index("h", 12), std::string("h₁₂"));
    QCOMPARE(entry("h", 1, std::nullopt, 3), std::string("h₁[3]"));
  }
};

QTEST_GUILESS_MAIN(TestStepRehearsal)
#include "test_step_rehearsal.moc"
