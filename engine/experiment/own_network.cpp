#include "engine/experiment/own_network.h"

#include <layer_headers.h>

#include <cmath>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "engine/error.h"
#include "engine/experiment/nearest.h"

namespace grapevine {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* example = R"([[{"type": "flatten"}, {"type": "linear", "out": 128}], …])";
constexpr double largest_size = 1 << 24;

// "model.segments, segment 2, layer 1".
using Place = std::string;

[[noreturn]] void refuse(const Place& place, const std::string& what) {
  throw InputError(place + ": " + what);
}

bool is_allowed(FieldKind kind, const Json& value) {
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  switch (kind) {
    case FieldKind::count:
    case FieldKind::padding:
      return value.is_number_integer() && number >= (kind == FieldKind::count ? 1 : 0) &&
             number <= largest_size;
    case FieldKind::flag:
      return value.is_boolean();
    case FieldKind::share:
      return number >= 0 && number < 1;
    case FieldKind::positive:
      return number > 0 && std::isfinite(number);
    case FieldKind::layers:
      return value.is_array();
  }
  return false;
}

std::string names_of(const LayerType& type) {
  std::string names;
  for (const LayerField& field : type.fields) names += (names.empty() ? "" : ", ") + std::string(field.name);
  return names.empty() ? "no fields" : names;
}

const LayerType& type_of(const Json& json, const Place& place) {
  if (!json.is_object())
    refuse(place,
           json.dump() + " is not a layer: expected an object, as {\"type\": \"linear\", \"out\": 128}");
  const auto given = json.find("type");
  if (given == json.end() || !given->is_string())
    refuse(place, "a layer needs its type, as {\"type\": \"relu\"}");
  const std::string name = *given;
  if (const auto kind = layer_kind(name)) return layer_type(*kind);
  const std::vector<std::string> known(std::begin(layer_names), std::end(layer_names));
  const std::vector<std::string> near = nearest_words(name, known, 1);
  std::string all;
  for (const std::string& word : known) all += (all.empty() ? "" : ", ") + word;
  refuse(place, "there is no layer '" + name + "'" +
                    (near.empty() ? "; expected one of " + all : "; did you mean " + near.front() + "?"));
}

const LayerField& field_of(const LayerType& type, const std::string& name, const Place& place) {
  std::vector<std::string> known;
  for (const LayerField& field : type.fields) {
    if (name == field.name) return field;
    known.emplace_back(field.name);
  }
  const std::vector<std::string> near = nearest_words(name, known, 1);
  refuse(place, "there is no field '" + name + "'" +
                    (near.empty() ? "; it has " + names_of(type) : "; did you mean " + near.front() + "?"));
}

std::vector<LayerSpec> read_layers(const Json& list, const Place& place, const std::string& noun);

void read_field(LayerSpec& layer, const LayerField& field, const Json& value, const Place& place) {
  if (!is_allowed(field.kind, value))
    refuse(place,
           std::string(field.name) + "=" + value.dump() + " is not allowed: expected " + allowed(field.kind));
  std::visit(
      [&](auto member) {
        if constexpr (std::is_same_v<decltype(member), LayersMember>)
          layer.*member = read_layers(value, place, std::string(field.name) + " layer ");
        else
          layer.*member = value.get<std::decay_t<decltype(layer.*member)>>();
      },
      field.at);
}

LayerSpec read_layer(const Json& json, const Place& bare_place) {
  const LayerType& type = type_of(json, bare_place);
  const Place place = bare_place + " (" + type.name() + ")";
  LayerSpec layer;
  layer.kind = type.kind;
  for (const auto& [name, value] : json.items())
    if (name != "type") read_field(layer, field_of(type, name, place), value, place);
  for (const LayerField& field : type.fields)
    if (field.needed && !json.contains(field.name))
      refuse(place, std::string(field.name) + " is missing: expected " + allowed(field.kind));
  if (type.stride_is_kernel && !json.contains("stride")) layer.stride = layer.kernel;
  return layer;
}

std::vector<LayerSpec> read_layers(const Json& list, const Place& place, const std::string& noun) {
  std::vector<LayerSpec> layers;
  for (std::size_t i = 0; i < list.size(); ++i)
    layers.push_back(read_layer(list[i], place + ", " + noun + std::to_string(i + 1)));
  return layers;
}

Json layers_json(const std::vector<LayerSpec>& layers);

/// Nothing (null) where the field has what it has when it is left out.
Json field_json(const LayerSpec& layer, const LayerType& type, const LayerField& field) {
  LayerSpec plain;
  if (type.stride_is_kernel) plain.stride = layer.kernel;
  return std::visit(
      [&](auto member) {
        const auto& value = layer.*member;
        if constexpr (std::is_same_v<decltype(member), LayersMember>)
          return value.empty() && !field.needed ? Json() : layers_json(value);
        else
          return value == plain.*member && !field.needed ? Json() : Json(value);
      },
      field.at);
}

Json layers_json(const std::vector<LayerSpec>& layers) {
  Json list = Json::array();
  for (const LayerSpec& layer : layers) {
    const LayerType& type = layer_type(layer.kind);
    Json object{{"type", type.name()}};
    for (const LayerField& field : type.fields)
      if (Json value = field_json(layer, type, field); !value.is_null())
        object[field.name] = std::move(value);
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace

std::string allowed(FieldKind kind) {
  switch (kind) {
    case FieldKind::count:
      return "a whole number from 1 to 16777216";
    case FieldKind::padding:
      return "a whole number from 0 to 16777216";
    case FieldKind::flag:
      return "true or false";
    case FieldKind::share:
      return "a number of at least 0 and below 1";
    case FieldKind::positive:
      return "a number above 0";
    case FieldKind::layers:
      return "a list of layers";
  }
  return "";
}

const std::vector<LayerType>& layer_types() {
  static const std::vector<LayerType> all = {
#define GRAPEVINE_LAYER(type) describe_layer_##type(),
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
  };
  return all;
}

const LayerType& layer_type(LayerKind kind) {
  return layer_types()[static_cast<std::size_t>(kind)];
}

std::vector<SegmentSpec> read_segments(std::string_view text, const std::string& whole) {
  if (text.empty()) return {};
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_array()) refuse(whole, "expected a list of segments, as " + std::string(example));
  std::vector<SegmentSpec> segments;
  for (std::size_t l = 0; l < json.size(); ++l) {
    const Place place = whole + ", segment " + std::to_string(l + 1);
    if (!json[l].is_array() || json[l].empty())
      refuse(place, json[l].dump() + " is not allowed: expected a list of one layer or more");
    segments.push_back(read_layers(json[l], place, "layer "));
  }
  return segments;
}

std::string write_segments(const std::vector<SegmentSpec>& segments) {
  if (segments.empty()) return "";
  Json list = Json::array();
  for (const SegmentSpec& segment : segments) list.push_back(layers_json(segment));
  return list.dump();
}

}  // namespace grapevine
