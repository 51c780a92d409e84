// Shapes, parameter counts and multiply-adds of a network, from its description alone: the layers' own are in
// their entries.
#include <algorithm>
#include <functional>
#include <numeric>
#include <sstream>

#include "engine/error.h"
#include "engine/nn/layer_entry.h"
#include "engine/nn/network.h"

namespace grapevine {
namespace {

/// "2.0.body.1" as "segment 2, layer 1, body layer 2": people count layers from 1.
std::string in_words(const std::string& path) {
  std::string words;
  std::string noun = "segment ";
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.');) {
    if (part == "body" || part == "shortcut") {
      noun = part + " layer ";
      continue;
    }
    const int number = std::stoi(part) + (words.empty() ? 0 : 1);
    words += (words.empty() ? "" : ", ") + noun + std::to_string(number);
    noun = "layer ";
  }
  return words;
}

void walk(const std::vector<LayerSpec>& layers, const std::string& prefix, Shape& shape, LayerCost& cost) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerEntry& entry = layer_entry(layers[i].kind);
    if (entry.measure) entry.measure(layers[i], Site(prefix + std::to_string(i), shape, cost));
    cost.values += static_cast<double>(product(shape));
  }
}

void infer(std::vector<LayerSpec>& layers, const std::string& prefix, Shape& shape, KnownSizes& known) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    LayerCost unused;
    const Site site(prefix + std::to_string(i), shape, unused);
    const LayerEntry& entry = layer_entry(layers[i].kind);
    if (shape.empty()) site.misfit(layers[i], "features");
    if (entry.infer) entry.infer(layers[i], site, known);
    if (entry.measure) entry.measure(layers[i], site);
  }
}

std::string describe_layer(const LayerSpec& layer) {
  const LayerEntry& entry = layer_entry(layer.kind);
  return entry.describe ? entry.describe(layer) : layer_name(layer.kind);
}

// Shape of a point's own part: without the rows of tokens, and without what a fork carries next to it.
Shape point_shape(const NetworkSpec& spec, const SegmentSpec& segment, const Shape& before,
                  const Shape& after) {
  Shape part = after;
  if (!segment.empty() && layer_entry(segment.back().kind).carries_its_input) {
    part = before;
    LayerCost ignored;
    walk(SegmentSpec(segment.begin(), segment.end() - 1), "", part, ignored);
    walk(segment.back().body, "", part, ignored);
  }
  return spec.words > 0 ? Shape{part.back()} : part;
}

bool any_layer(const std::vector<LayerSpec>& layers, bool LayerEntry::*property) {
  return std::any_of(layers.begin(), layers.end(), [&](const LayerSpec& layer) {
    return layer_entry(layer.kind).*property || any_layer(layer.body, property) ||
           any_layer(layer.shortcut, property);
  });
}

/// Token numbers become features in the first layer and nowhere else; no token sees later ones.
void check_embedding(const NetworkSpec& spec) {
  const bool tokens = spec.words > 0 && spec.input.size() == 1;
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    for (std::size_t i = 0; i < spec.segments[l].size(); ++i) {
      const LayerSpec& layer = spec.segments[l][i];
      const bool first = l == 0 && i == 0, found = any_layer({layer}, &LayerEntry::embeds);
      const auto refuse = [&](const std::string& why) {
        throw InputError(in_words(std::to_string(l + 1) + "." + std::to_string(i)) + " (" +
                         layer_name(layer.kind) + "): " + why);
      };
      if (found && !tokens) refuse("there are no words to embed; an embedding belongs to text");
      if (found && !first) refuse("token numbers are embedded by the first layer of all");
      if (tokens && first && !layer_entry(layer.kind).embeds)
        refuse("text comes as token numbers: the first layer must be an embedding");
      if (tokens && any_layer({layer}, &LayerEntry::mixes_tokens))
        refuse("it would let a token see those that come after it; on text only attention looks at others");
      if (found && layer.in != 0 && layer.in != spec.words)
        refuse("in=" + std::to_string(layer.in) + " is not the vocabulary's size, " +
               std::to_string(spec.words) + "; leave it out");
    }
}

}  // namespace

std::int64_t product(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string show(const Shape& shape) {
  std::string text;
  for (auto extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text;
}

Shape shape_behind(const LayerSpec& layer, Shape shape) {
  LayerCost unused;
  walk({layer}, "", shape, unused);
  return shape;
}

void Site::misfit(const LayerSpec& layer, const std::string& want, const Shape& got) const {
  throw InputError(in_words(path_) + " (" + layer_name(layer.kind) + ") expects " + want + " but gets " +
                   show(got) + ": the model does not fit its data");
}

void Site::need_features(const LayerSpec& layer, std::int64_t features) const {
  if (shape.empty() || shape.back() != features) misfit(layer, std::to_string(features) + " features");
}

void Site::need_image(const LayerSpec& layer, std::int64_t channels) const {
  if (shape.size() != 3 || (channels > 0 && shape[0] != channels))
    misfit(layer, channels > 0 ? std::to_string(channels) + "×height×width" : "channels×height×width");
}

void Site::slide_window(const LayerSpec& layer) const {
  for (int axis : {1, 2}) {
    const std::int64_t room = shape[static_cast<std::size_t>(axis)] + 2 * layer.padding - layer.kernel;
    if (room < 0) misfit(layer, "at least " + std::to_string(layer.kernel) + " pixels per side");
    shape[static_cast<std::size_t>(axis)] = room / layer.stride + 1;
  }
}

void Site::walk(const std::vector<LayerSpec>& layers, const char* part, Shape& inner) const {
  grapevine::walk(layers, path_ + "." + part + ".", inner, cost);
}

void Site::infer(std::vector<LayerSpec>& layers, const char* part, Shape& inner, KnownSizes& known) const {
  grapevine::infer(layers, path_ + "." + part + ".", inner, known);
}

std::string describe(const SegmentSpec& segment) {
  std::string text;
  for (const auto& layer : segment) text += (text.empty() ? "" : ", ") + describe_layer(layer);
  return text;
}

NetworkCost measure_cost(const NetworkSpec& spec, std::vector<std::vector<std::int64_t>>* shapes) {
  if (spec.segments.empty()) throw InputError("a network needs at least one segment");
  check_embedding(spec);
  NetworkCost result;
  Shape shape = spec.input;
  if (spec.words > 0) result.rows = static_cast<double>(product(spec.input));
  for (std::size_t l = 0; l < spec.segments.size(); ++l) {
    LayerCost cost;
    const Shape before = shape;
    walk(spec.segments[l], std::to_string(l + 1) + ".", shape, cost);
    result.forward.push_back(cost.multiply_adds / result.rows);
    result.values += cost.values;
    if (l + 1 < spec.segments.size()) {
      const Shape point = point_shape(spec, spec.segments[l], before, shape);
      result.features.push_back(static_cast<double>(product(point)));
      result.points.push_back(point);
    }
    if (shapes) shapes->push_back(shape);
  }
  const std::size_t axes = spec.words > 0 ? 2 : 1;
  if (shape.size() != axes)
    throw InputError("the last segment ends with shape " + show(shape) + ": it must end with " +
                     (spec.words > 0 ? "rows of features" : "one number per class"));
  result.classes = static_cast<double>(shape.back());
  result.decoder = result.classes * static_cast<double>(spec.words);
  return result;
}

void infer_sizes(NetworkSpec& spec) {
  Shape shape = spec.input;
  KnownSizes known{spec.words};
  check_embedding(spec);
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    infer(spec.segments[l], std::to_string(l + 1) + ".", shape, known);
}

std::int64_t count_parameters(const NetworkSpec& spec) {
  LayerCost cost;
  Shape shape = spec.input;
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    walk(spec.segments[l], std::to_string(l + 1) + ".", shape, cost);
  return cost.parameters + (spec.words > 0 ? spec.words * (shape.back() + 1) : 0);
}

}  // namespace grapevine
