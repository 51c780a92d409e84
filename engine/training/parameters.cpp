#include "engine/training/parameters.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/own_network.h"
#include "engine/models/model.h"
#include "engine/nn/arrays.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

constexpr const char* feedback_name = "feedback.";

const Array& stored(const Checkpoint& state, const std::string& name) {
  const auto found = state.arrays.find(name);
  if (found == state.arrays.end())
    throw InputError("the checkpoint has no '" + name +
                     "': it belongs to another experiment or an older version");
  return found->second;
}

/// Numbers "name/0", "name/1" …; empty where a checkpoint of an older version has none.
std::vector<double> stored_numbers(const Checkpoint& state, const std::string& name) {
  std::vector<double> all;
  for (;;) {
    const auto found = state.numbers.find(name + "/" + std::to_string(all.size()));
    if (found == state.numbers.end()) return all;
    all.push_back(found->second);
  }
}

/// As it was fed; of a checkpoint that doesn't say, as the data set is.
DataShape fed_shape(const Experiment& experiment, const Checkpoint& state) {
  const std::vector<double> shape = stored_numbers(state, shape_numbers);
  const auto classes = state.numbers.find(classes_number);
  if (shape.empty() || classes == state.numbers.end()) return data_shape(experiment);
  return {{shape.begin(), shape.end()}, static_cast<std::int64_t>(classes->second)};
}

void add_feedback(const Experiment& experiment, const Network& network, const Checkpoint& state,
                  ParameterFile& file) {
  const std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(network, 0);
  if (!rule->feedback()) return;
  for (auto& [name, tensor] : rule->state())
    if (name.starts_with("feedback/") || name.starts_with("feedback_basis/"))
      from_array(stored(state, "rule/" + name), name, tensor);
  for (std::size_t l = 0; l < rule->feedback()->size(); ++l)
    file.arrays.emplace_back(feedback_name + std::to_string(l + 1),
                             to_array(rule->structure(l).expand((*rule->feedback())[l])));
}

void describe(const Experiment& experiment, const NetworkSpec& spec, const Checkpoint& state,
              ParameterFile& file) {
  file.metadata = {{"format", "grapevine parameters 1"},
                   {"grapevine", GRAPEVINE_VERSION},
                   {"layers", write_segments(spec.segments)},
                   {"input", nlohmann::json(spec.input).dump()},
                   {"rule", experiment.rule()},
                   {"step", std::to_string(state.step)},
                   {"experiment", experiment.to_json().dump()}};
  if (spec.words > 0) {
    file.metadata["words"] = std::to_string(spec.words);
    return;
  }
  for (const auto& [word, name] : {std::pair{"mean", mean_numbers}, {"deviation", deviation_numbers}})
    if (const std::vector<double> values = stored_numbers(state, name); !values.empty())
      file.metadata[word] = nlohmann::json(values).dump();
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text.empty() ? "a number" : text;
}

/// What a file may hold next to a network's numbers: a rule's matrices, PyTorch's count of batches.
bool is_beside(const std::string& name) {
  return name.starts_with(feedback_name) || name.ends_with(".num_batches_tracked");
}

/// What the network wants and what the file has, as far as the two don't fit.
class Mapping {
 public:
  explicit Mapping(const ParameterFile& file) : file_(file) {}

  void fill(const std::string& name, at::Tensor& tensor) {
    wanted_.push_back(name);
    const Array* array = file_.find(name);
    const std::vector<std::int64_t> shape = tensor.sizes().vec();
    if (array && array->shape == shape) {
      from_array(*array, name, tensor);
      if (not_finite_.empty() && !tensor.isfinite().all().item<bool>()) not_finite_ = name;
    } else {
      note(name + ", " + shape_text(shape) + ": " +
           (array ? "the file has " + shape_text(array->shape) : "not in the file"));
    }
  }
  /// Throws where something did not fit, or the file holds more than the network has places for.
  void check(const std::string& path) {
    for (const auto& [name, array] : file_.arrays)
      if (std::find(wanted_.begin(), wanted_.end(), name) == wanted_.end() && !is_beside(name))
        note("the file's " + name + ", " + shape_text(array.shape) + ": the network has no place for it");
    if (count_ == 0 && !not_finite_.empty())
      throw InputError("model.weights=" + path + ": " + not_finite_ +
                       " holds values that are not numbers or infinite; take a file from before they came");
    if (count_ == 0) return;
    if (count_ > most) misfits_ += "; and " + std::to_string(count_ - most) + " more";
    throw InputError("model.weights=" + path +
                     " does not fit the network; rename or reshape what does not: " + misfits_);
  }

 private:
  static constexpr int most = 40;  ///< that are reported
  void note(const std::string& misfit) {
    if (++count_ <= most) misfits_ += (count_ == 1 ? "" : "; ") + misfit;
  }

  const ParameterFile& file_;
  std::vector<std::string> wanted_;
  std::string misfits_;
  std::string not_finite_;  ///< the first array with such values
  int count_ = 0;
};

}  // namespace

ParameterFile parameters_of(const Experiment& experiment, const Checkpoint& state) {
  const NetworkSpec spec = build_model(experiment, fed_shape(experiment, state));
  Network network(spec, at::TensorOptions().dtype(at::kFloat));
  at::Tensor values = network.values().flat();
  from_array(stored(state, "weights"), "weights", values);
  ParameterFile file;
  for (const ParameterInfo& info : network.layout().infos())
    file.arrays.emplace_back(pytorch_name(info.name),
                             to_array(network.values()[network.layout().slot(info.name)]));
  for (const auto& [name, tensor] : network.states())
    file.arrays.emplace_back(pytorch_name(name), stored(state, "states/" + name));
  add_feedback(experiment, network, state, file);
  describe(experiment, spec, state, file);
  return file;
}

std::string start_from(const std::string& path, Network& network) {
  const ParameterFile file = read_parameters(path);
  Mapping mapping(file);
  for (const ParameterInfo& info : network.layout().infos()) {
    at::Tensor value = network.values()[network.layout().slot(info.name)];
    mapping.fill(pytorch_name(info.name), value);
  }
  for (const auto& [name, tensor] : network.states()) {
    at::Tensor state = tensor;
    mapping.fill(pytorch_name(name), state);
  }
  mapping.check(path);
  return file.sha256;
}

}  // namespace grapevine
