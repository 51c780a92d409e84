#include "engine/checks/verify.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/layer_kind.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/nn/arrays.h"
#include "engine/nn/device.h"
#include "engine/nn/judgement.h"
#include "engine/nn/plain_errors.h"
#include "engine/probes/probe.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

constexpr double smallest_norm = 1e-12;

at::Tensor load(const Array& array, const std::string& name, const at::TensorOptions& options) {
  at::Tensor tensor = at::empty(array.shape, options);
  from_array(array, name, tensor);
  return tensor;
}

// The step's random numbers, as the example gives them.
class GivenDraws : public Draws {
 public:
  explicit GivenDraws(const WorkedStep& step) : step_(step) {}
  RandomKey key(Stream stream) const override { return RandomKey::of(0, stream); }

  bool perturbation(int point, int direction, at::Tensor& out) override {
    const auto k = static_cast<std::size_t>(direction);
    if (k >= step_.perturbation.size())
      throw InputError("draws.perturbation has " + std::to_string(step_.perturbation.size()) +
                       " directions where the rule needs more");
    return copy(step_.perturbation[k], std::to_string(point), "draws.perturbation", out);
  }
  bool parameter_direction(const std::string& parameter, at::Tensor& out) override {
    return copy(step_.parameter_direction, parameter, "draws.parameter_direction", out);
  }
  bool magnitude(const std::string& layer, at::Tensor& out) override {
    return copy(step_.drawn_magnitude, layer, "draws.magnitude", out);
  }

 private:
  static bool copy(const ArrayMap& given, const std::string& key, const char* where, at::Tensor& out) {
    const auto found = given.find(key);
    if (found == given.end()) throw InputError(std::string(where) + " has no '" + key + "'");
    from_array(found->second, std::string(where) + "." + key, out);
    return true;
  }
  const WorkedStep& step_;
};

// The rate of the example's plain SGD, for rules of which something moves after the weights: no setting of
// theirs.
constexpr const char* sgd_rate = "lr";

// Expected quantities that move after the weights: compare_update().
constexpr std::array late{"transport", "projection", "projection_factor"};

bool is_late(const std::string& what) {
  return std::find(late.begin(), late.end(), what) != late.end();
}

const Setting& setting_of(const WorkedStep& step, const std::string& name) {
  const Setting* setting = name == "name" ? nullptr : find_setting("rule." + name, step.rule);
  if (setting) return *setting;
  std::vector<std::string> known;
  for (const Setting& each : find_rule(step.rule)->settings) known.push_back(each.key);
  const std::vector<std::string> near = nearest_words(name, known, 1);
  throw InputError("rule." + name + ": " + step.rule + " has no such setting" +
                   (near.empty() ? "" : "; did you mean " + near.front() + "?"));
}

Experiment experiment_of(const WorkedStep& step) {
  const RuleDescriptor* rule = find_rule(step.rule);
  if (!rule) throw InputError("rule.key: there is no learning rule '" + step.rule + "'");
  Experiment experiment(step.rule);
  for (const auto& [name, number] : step.rule_numbers) {
    if (name == sgd_rate && (rule->has_transport || !step.projection_factor.empty())) continue;
    const Setting& setting = setting_of(step, name);
    if (setting.kind == Kind::integer && !(number == std::floor(number) && std::abs(number) < 1e15))
      throw InputError("rule." + name + "=" + to_text(Value(number)) +
                       " is not allowed: expected a whole number");
    if (setting.kind == Kind::integer)
      experiment.set("rule." + name, static_cast<std::int64_t>(number));
    else
      experiment.set("rule." + name, number);
  }
  for (const auto& [name, word] : step.rule_words) {
    setting_of(step, name);
    experiment.set_text("rule." + name, word);
  }
  return experiment;
}

// Copies the example's state over the rule's tensors of the same names. What the example leaves out may only
// be what begins at zero: nothing here is drawn.
void load_state(const WorkedStep& step, Rule& rule) {
  NamedTensors state = rule.state();
  const auto fill = [&](const ArrayMap& given, const std::string& prefix) {
    const std::string where = "state" + (prefix.empty() ? "" : "." + prefix.substr(0, prefix.size() - 1));
    for (const auto& [key, array] : given)
      if (std::none_of(state.begin(), state.end(),
                       [&](const auto& entry) { return entry.first == prefix + key; }))
        throw InputError(where + " has '" + key + "', which this rule does not have on this network");
    for (auto& [name, tensor] : state) {
      if (!name.starts_with(prefix) || (prefix.empty() && name != "projection")) continue;
      const std::string key = name.substr(prefix.size());
      const auto found = given.find(key);
      if (found != given.end())
        from_array(found->second, where + "." + key, tensor);
      else if (tensor.any().item<bool>())
        throw InputError(where + " has no '" + key + "', and this rule begins with random numbers there");
    }
  };
  fill(step.feedback, "feedback/");
  fill(step.feedback_momentum, "feedback_momentum/");
  fill(step.jacobian_average, "jacobian_average/");
  fill(step.jacobian_average_count, "jacobian_average_count/");
  fill(step.transport, "transport/");
  if (step.rule != rule_keys::brsf)
    fill(step.magnitude, "magnitude/");
  else if (!step.magnitude.empty())
    throw InputError("state.magnitude: brsf draws its magnitudes in the step; give draws.magnitude");
  fill(step.projection, "");
  fill(step.projection_factor, "projection_factor/");
  for (const auto& [name, tensor] : state) {
    const bool given = name == "projection" || name.starts_with("projection_factor/") ||
                       name.starts_with("feedback/") || name.starts_with("feedback_momentum/") ||
                       name.starts_with("jacobian_average") || name.starts_with("transport/") ||
                       name.starts_with("magnitude/");
    if (!given && tensor.any().item<bool>())
      throw InputError("rule: with these settings it begins with random numbers (" + name +
                       ") that an example of format 1 cannot specify");
  }
}

std::string shape_text(const at::Tensor& tensor) {
  std::string text;
  for (std::int64_t extent : tensor.sizes()) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text.empty() ? "of a number" : text;
}

class Comparison {
 public:
  Comparison(VerifyLine& line, const at::TensorOptions& options) : line_(line), options_(options) {}

  /// ‖got − want‖ / max(‖want‖, 1e-12).
  void tensor(const std::string& quantity, const at::Tensor& got, const Array& want_array) {
    const at::Tensor want = load(want_array, quantity, options_);
    if (got.sizes() != want.sizes())
      throw InputError("expect." + quantity + " has the shape " + shape_text(want) + ", the step gives " +
                       shape_text(got));
    const double difference = at::linalg_vector_norm(got - want).item<double>();
    note(quantity, difference / std::max(at::linalg_vector_norm(want).item<double>(), smallest_norm));
  }
  void number(const std::string& quantity, double got, double want) {
    note(quantity, std::abs(got - want) / std::max(std::abs(want), smallest_norm));
  }

 private:
  void note(const std::string& quantity, double error) {
    // A NaN compares false with everything: it must count as the worst.
    if (line_.quantity.empty() || std::isnan(error) || error > line_.largest_error) {
      line_.quantity = quantity;
      line_.largest_error = error;
    }
  }
  VerifyLine& line_;
  at::TensorOptions options_;
};

int point_of(const std::string& key, int limit, const std::string& where) {
  int point = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), point);
  if (error != std::errc() || end != key.data() + key.size() || point < 1 || point > limit)
    throw InputError(where + ": there is no feedback point or segment '" + key + "'");
  return point;
}

void compare_points(Comparison& compare, const std::string& what, const ArrayMap& want,
                    const std::vector<at::Tensor>* got) {
  if (!got) throw InputError("expect." + what + ": this rule has no such quantity");
  for (const auto& [key, array] : want) {
    const int point = point_of(key, static_cast<int>(got->size()), "expect." + what);
    compare.tensor(what + "." + key, (*got)[static_cast<std::size_t>(point - 1)], array);
  }
}

void compare_state(Comparison& compare, const std::string& what, const ArrayMap& want, Rule& rule) {
  const NamedTensors state = rule.state();
  for (const auto& [key, array] : want) {
    bool found = false;
    for (const auto& [name, tensor] : state) {
      if (name != (key.empty() ? what : what + "/" + key)) continue;
      compare.tensor(key.empty() ? what : what + "." + key, tensor, array);
      found = true;
    }
    if (!found) throw InputError("expect." + what + "." + key + ": this rule has no such quantity");
  }
}

void compare_step(Comparison& compare, const WorkedStep& step, Network& network, Rule& rule,
                  const ParameterBuffer& gradients, const Signals& signals) {
  for (const auto& [what, want] : step.expected) {
    if (what == "signals") {
      compare_points(compare, what, want, &signals);
    } else if (what == "gradients") {
      for (const auto& [key, array] : want) {
        const int slot = network.layout().slot(key);
        if (slot < 0) throw InputError("expect.gradients: there is no parameter '" + key + "'");
        compare.tensor("gradients." + key, gradients[slot], array);
      }
    } else if (what == "jacobian_estimate") {
      compare_points(compare, what, want, rule.jacobian_estimate());
    } else if (!is_late(what)) {
      compare_state(compare, what, want, rule);
    }
  }
}

std::set<std::string> measures_of(const WorkedStep& step) {
  std::set<std::string> keys;
  for (const auto& [key, points] : step.measures) keys.insert(key);
  return keys;
}

void compare_measures(Comparison& compare, const WorkedStep& step, Rule& rule, Lesson& lesson,
                      const ParameterBuffer& exact) {
  Measured measured;
  Probe(measures_of(step), Probe::Jacobian::exact).measure(rule, lesson, exact, measured);
  // Without parameters both gradients are empty, and a cosine with a zero vector counts 0.
  for (int l = 1; l <= lesson.network.segments(); ++l)
    measured.try_emplace({measure_keys::cos_update, l}, 0.0);
  for (const auto& [key, points] : step.measures)
    for (const auto& [point, want] : points) {
      const auto found =
          measured.find({key, point_of(point, lesson.network.segments(), "expect.measures." + key)});
      if (found == measured.end())
        throw InputError("expect.measures." + key + "." + point + ": not measured here");
      compare.number(key + "." + point, found->second, want);
    }
}

// What moves after the weights have: the example's plain SGD first, then the rule.
void compare_update(Comparison& compare, const WorkedStep& step, Rule& rule, Lesson& lesson, Draws& draws) {
  std::string wanted;
  for (const char* what : late)
    if (step.expected.count(what)) wanted = what;
  if (wanted.empty()) return;
  const auto rate = step.rule_numbers.find(sgd_rate);
  if (rate == step.rule_numbers.end())
    throw InputError("rule.lr is missing: expect." + wanted + " needs the step's SGD");
  lesson.network.values().flat().sub_(lesson.gradients.flat(), rate->second);
  rule.after_update(lesson, draws);
  for (const char* what : late)
    if (const auto want = step.expected.find(what); want != step.expected.end())
      compare_state(compare, what, want->second, rule);
}

/// Rows side by side are points in language models alone: elsewhere a point's features are the first of a
/// flat row.
void check_points(const NetworkSpec& spec) {
  std::vector<std::vector<std::int64_t>> shapes;
  measure_cost(spec, &shapes);
  for (std::size_t l = 0; l + 1 < shapes.size(); ++l)
    if (spec.segments[l].back().kind == LayerKind::fork && shapes[l].size() > 1)
      throw InputError(
          "network.segments: segment " + std::to_string(l + 1) +
          " ends with a fork of rows; a point next to what passes around it is an image or one row "
          "of features");
}

void run(const WorkedStep& step, const std::string& device, Rule* given, VerifyLine& line) {
  const at::NoGradGuard no_grad;
  const at::TensorOptions options = at::TensorOptions().dtype(at::kDouble).device(choose_device(device));
  Network network(step.network, options);
  check_points(step.network);
  for (const auto& info : network.layout().infos()) {
    const auto found = step.parameters.find(info.name);
    if (found == step.parameters.end()) throw InputError("parameters has no '" + info.name + "'");
    at::Tensor value = network.values()[network.layout().slot(info.name)];
    from_array(found->second, "parameters." + info.name, value);
  }
  for (const auto& [name, array] : step.parameters)
    if (network.layout().slot(name) < 0)
      throw InputError("parameters has '" + name + "', which the network does not have");
  for (std::size_t i = 0; i < step.y.size(); ++i)
    if (step.y[i] >= network.classes())
      throw InputError("batch.y has class " + std::to_string(step.y[i]) + " at place " + std::to_string(i) +
                       " where the network has " + std::to_string(network.classes()) + " outputs");
  std::unique_ptr<Rule> own;
  if (!given) own = make_rule(experiment_of(step));
  Rule& rule = given ? *given : *own;
  rule.attach(network, 0);
  rule.keep_traces(any_needs(measures_of(step), Need::traces));
  load_state(step, rule);

  const at::Tensor x = load(step.x, "batch.x", options);
  const at::Tensor y = at::tensor(step.y, at::TensorOptions().dtype(at::kLong)).to(options.device());
  NetworkTape tape;
  const Pass pass = Pass::training({});
  GivenDraws draws(step);
  Judgement judgement;
  const at::Tensor logits = network.forward(x, tape, pass);
  judge(logits, y, judgement, true);

  Comparison compare(line, options);
  compare.number("loss", judgement.loss.item<double>(), step.loss);
  compare.tensor("logits", logits, step.logits);
  ParameterBuffer gradients(network.layout(), options), scratch(network.layout(), options),
      exact(network.layout(), options);
  Lesson lesson{network, tape, pass, y, judgement.e, gradients};
  rule.learn(lesson, draws);
  compare_step(compare, step, network, rule, gradients, rule.signals_of_step());
  Lesson rehearsal{network, tape, pass, y, judgement.e, scratch};
  compare_measures(compare, step, rule, rehearsal, exact);
  compare_update(compare, step, rule, lesson, draws);
}

}  // namespace

VerifyLine verify(const WorkedStep& step, const std::string& device, Rule* rule) {
  VerifyLine line;
  line.name = step.name;
  line.rule = step.rule;
  line.tolerance = step.tolerance;
  try {
    run(step, device, rule, line);
    line.passed = line.largest_error <= step.tolerance;
  } catch (const c10::Error& error) {
    line.trouble = plain_error(error).what();
  } catch (const std::exception& error) {
    line.trouble = error.what();
  }
  return line;
}

VerifyLine verify(const std::string& file, const std::string& text, const std::string& device) {
  VerifyLine line;
  try {
    line = verify(read_worked_step(file, text), device);
    if (!line.trouble.empty()) line.trouble = file + ": " + line.trouble;
  } catch (const std::exception& error) {
    line.name = file;
    line.trouble = error.what();
  }
  line.file = file;
  return line;
}

}  // namespace grapevine
