#include "engine/checks/vector_file.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/experiment/own_network.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

// A place in the document, for messages: "expect.signals.1".
struct Place {
  const std::string& file;
  std::string path;

  Place below(const std::string& key) const { return {file, path.empty() ? key : path + "." + key}; }
  [[noreturn]] void complain(const std::string& what) const {
    throw InputError(file + ": " + (path.empty() ? "the document" : path) + " " + what);
  }
};

const Json& member(const Json& object, const std::string& key, const Place& place) {
  if (!object.is_object()) place.complain("must be an object");
  const auto found = object.find(key);
  if (found == object.end()) place.complain("has no field '" + key + "'");
  return *found;
}

Array read_tensor(const Json& json, const Place& place) {
  Array array;
  array.type = "f64";
  const Json& shape = member(json, "shape", place);
  const Json& data = member(json, "data", place);
  if (!shape.is_array() || !data.is_array()) place.complain("needs lists for shape and data");
  std::int64_t count = 1;
  for (const auto& extent : shape) {
    if (!extent.is_number_integer() || extent.get<std::int64_t>() < 0)
      place.complain("has a shape that is not a list of whole numbers");
    array.shape.push_back(extent.get<std::int64_t>());
    count *= array.shape.back();
  }
  if (count != static_cast<std::int64_t>(data.size()))
    place.complain("has " + std::to_string(data.size()) + " numbers where its shape asks for " +
                   std::to_string(count));
  array.bytes.resize(data.size() * sizeof(double));
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (!data[i].is_number())
      place.complain("has an entry that is not a number (index " + std::to_string(i) + ")");
    const double value = data[i].get<double>();
    std::memcpy(array.bytes.data() + i * sizeof(double), &value, sizeof(double));
  }
  return array;
}

ArrayMap read_tensors(const Json& json, const Place& place) {
  if (!json.is_object()) place.complain("must be an object of tensors");
  ArrayMap tensors;
  for (const auto& [key, value] : json.items()) tensors[key] = read_tensor(value, place.below(key));
  return tensors;
}

/// Whether `name` is one of the fields that format 1 has there.
void allow_only(const Json& object, const std::set<std::string>& known, const Place& place) {
  if (!object.is_object()) place.complain("must be an object");
  for (const auto& [name, value] : object.items())
    if (!known.count(name)) {
      std::string all;
      for (const std::string& word : known) all += (all.empty() ? "" : ", ") + word;
      place.complain("has a field '" + name + "' that format 1 does not know; it has " + all);
    }
}

ArrayMap optional_tensors(const Json& json, const char* key, const Place& place) {
  const auto found = json.find(key);
  return found == json.end() ? ArrayMap{} : read_tensors(*found, place.below(key));
}

NetworkSpec read_network(const Json& json, const Place& place) {
  NetworkSpec spec;
  const Json& input = member(json, "input", place);
  allow_only(json, {"input", "segments"}, place);
  if (!input.is_array()) place.below("input").complain("must be a list of whole numbers");
  for (const auto& extent : input) {
    if (!extent.is_number_integer()) place.below("input").complain("must be a list of whole numbers");
    spec.input.push_back(extent.get<std::int64_t>());
    if (spec.input.back() < 1) place.below("input").complain("must be a list of whole numbers of at least 1");
  }
  const Json& segments = member(json, "segments", place);
  if (!segments.is_array() || segments.empty())
    place.below("segments").complain("must be a list of segments");
  spec.segments = read_segments(segments.dump(), place.file + ": network.segments");
  return spec;
}

void read_rule(const Json& json, const Place& place, WorkedStep& step) {
  const Json& key = member(json, "key", place);
  if (!key.is_string()) place.below("key").complain("must be a word");
  step.rule = key.get<std::string>();
  for (const auto& [name, value] : json.items()) {
    if (name == "key") continue;
    if (value.is_number())
      step.rule_numbers[name] = value.get<double>();
    else if (value.is_boolean())
      step.rule_words[name] = value.get<bool>() ? "true" : "false";
    else if (value.is_string())
      step.rule_words[name] = value.get<std::string>();
    else
      place.below(name).complain("must be a number or a word");
  }
}

void read_state_and_draws(const Json& json, const Place& place, WorkedStep& step) {
  const Json none = Json::object();
  const Json& state = json.contains("state") ? json["state"] : none;
  const Json& draws = json.contains("draws") ? json["draws"] : none;
  allow_only(state,
             {"feedback", "feedback_momentum", "jacobian_average", "jacobian_average_count", "transport",
              "magnitude", "projection", "projection_factor"},
             place.below("state"));
  allow_only(draws, {"perturbation", "parameter_direction", "magnitude"}, place.below("draws"));
  step.feedback = optional_tensors(state, "feedback", place.below("state"));
  step.feedback_momentum = optional_tensors(state, "feedback_momentum", place.below("state"));
  step.jacobian_average = optional_tensors(state, "jacobian_average", place.below("state"));
  step.jacobian_average_count = optional_tensors(state, "jacobian_average_count", place.below("state"));
  step.transport = optional_tensors(state, "transport", place.below("state"));
  step.magnitude = optional_tensors(state, "magnitude", place.below("state"));
  if (const auto found = state.find("projection"); found != state.end())
    step.projection["projection"] = read_tensor(*found, place.below("state.projection"));
  step.projection_factor = optional_tensors(state, "projection_factor", place.below("state"));
  step.parameter_direction = optional_tensors(draws, "parameter_direction", place.below("draws"));
  step.drawn_magnitude = optional_tensors(draws, "magnitude", place.below("draws"));
  if (const auto found = draws.find("perturbation"); found != draws.end()) {
    if (!found->is_array())
      place.below("draws.perturbation").complain("must be a list, one entry per direction");
    for (std::size_t k = 0; k < found->size(); ++k)
      step.perturbation.push_back(
          read_tensors((*found)[k], place.below("draws.perturbation." + std::to_string(k))));
  }
}

void read_batch(const Json& json, const Place& place, WorkedStep& step) {
  step.x = read_tensor(member(json, "x", place), place.below("x"));
  allow_only(json, {"x", "y"}, place);
  const Json* y = &member(json, "y", place);
  if (y->is_object()) y = &member(*y, "data", place.below("y"));
  if (!y->is_array()) place.below("y").complain("must be a list of class indices");
  for (const auto& label : *y) {
    const double number = label.is_number() ? label.get<double>() : -1;
    if (!(number >= 0 && number < 1e9 && number == std::floor(number)))
      place.below("y").complain("must be a list of class indices, which " + label.dump() + " is not");
    step.y.push_back(static_cast<std::int64_t>(number));
  }
  if (step.x.shape.empty() || step.x.shape[0] != static_cast<std::int64_t>(step.y.size()))
    place.complain("has x and y of different lengths");
  const std::vector<std::int64_t> sample(step.x.shape.begin() + 1, step.x.shape.end());
  if (sample != step.network.input)
    place.below("x").complain("has samples of the shape " + Json(sample).dump() + " where network.input is " +
                              Json(step.network.input).dump());
}

void read_expectations(const Json& json, const Place& place, WorkedStep& step) {
  allow_only(
      json,
      {"loss", "logits", "signals", "gradients", "jacobian_estimate", "jacobian_average", "feedback",
       "feedback_momentum", "feedback_gradient", "transport", "projection", "projection_factor", "measures"},
      place);
  const Json& loss = member(json, "loss", place);
  if (!loss.is_number()) place.below("loss").complain("must be a number");
  step.loss = loss.get<double>();
  step.logits = read_tensor(member(json, "logits", place), place.below("logits"));
  for (const auto& [key, value] : json.items()) {
    if (key == "loss" || key == "logits") continue;
    if (key == "projection") {
      step.expected[key][""] = read_tensor(value, place.below(key));
      continue;
    }
    if (key != "measures") {
      step.expected[key] = read_tensors(value, place.below(key));
      continue;
    }
    if (!value.is_object()) place.below(key).complain("must be an object, one entry per measure");
    for (const auto& [measure, points] : value.items()) {
      const Place at = place.below("measures." + measure);
      if (!points.is_object()) at.complain("must be an object, one number per point");
      for (const auto& [point, number] : points.items()) {
        if (!number.is_number()) at.below(point).complain("must be a number");
        step.measures[measure][point] = number.get<double>();
      }
    }
  }
}

}  // namespace

WorkedStep read_worked_step(const std::string& file, const std::string& text) {
  const Place place{file, ""};
  Json json;
  try {
    json = Json::parse(text, [&](int depth, Json::parse_event_t, Json&) {
      if (depth > 64) place.complain("has brackets inside each other more than 64 deep");
      return true;
    });
  } catch (const Json::parse_error& error) {
    place.complain("is not JSON (byte " + std::to_string(error.byte) + ")");
  } catch (const Json::exception& error) {  // a number that no double holds
    place.complain(std::string("has a value that can't be read: ") + error.what());
  }
  const Json& format = member(json, "format", place);
  if (!format.is_number_integer()) place.below("format").complain("must be a whole number");
  if (format.get<std::int64_t>() != 1)
    place.below("format").complain("is " + format.dump() + "; this version reads format 1 only");
  WorkedStep step;
  try {
    step.name = member(json, "name", place).get<std::string>();
    step.note = json.value("note", "");
    step.network = read_network(member(json, "network", place), place.below("network"));
    step.parameters = read_tensors(member(json, "parameters", place), place.below("parameters"));
    read_rule(member(json, "rule", place), place.below("rule"), step);
    read_state_and_draws(json, place, step);
    read_batch(member(json, "batch", place), place.below("batch"), step);
    read_expectations(member(json, "expect", place), place.below("expect"), step);
    step.tolerance = member(json, "tolerance", place).get<double>();
  } catch (const Json::exception& error) {
    place.complain(std::string("has a value of the wrong type: ") + error.what());
  }
  if (!(step.tolerance > 0) || !std::isfinite(step.tolerance))
    place.below("tolerance").complain("must be above 0");
  return step;
}

}  // namespace grapevine
