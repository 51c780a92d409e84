// Shapes, parameter counts and multiply-adds of a network, from its description alone.
#include <algorithm>
#include <functional>
#include <numeric>
#include <sstream>

#include "engine/error.h"
#include "engine/nn/network.h"

namespace grapevine {
namespace {

using Shape = std::vector<std::int64_t>;

struct Cost {
  double multiply_adds = 0;
  std::int64_t parameters = 0;
};

std::int64_t product(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string show(const Shape& shape) {
  std::string text;
  for (auto extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text;
}

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

[[noreturn]] void misfit(const std::string& path, const LayerSpec& layer, const Shape& got,
                         const std::string& want) {
  throw InputError(in_words(path) + " (" + layer.type + ") expects " + want + " but gets " + show(got) +
                   ": the model does not fit its data");
}

void need_image(const std::string& path, const LayerSpec& layer, const Shape& shape, std::int64_t channels) {
  if (shape.size() != 3 || (channels > 0 && shape[0] != channels))
    misfit(path, layer, shape,
           channels > 0 ? std::to_string(channels) + "×height×width" : "channels×height×width");
}

void window(const std::string& path, const LayerSpec& layer, Shape& shape) {
  for (int axis : {1, 2}) {
    const std::int64_t room = shape[static_cast<std::size_t>(axis)] + 2 * layer.padding - layer.kernel;
    if (room < 0) misfit(path, layer, shape, "at least " + std::to_string(layer.kernel) + " pixels a side");
    shape[static_cast<std::size_t>(axis)] = room / layer.stride + 1;
  }
}

void walk(const std::vector<LayerSpec>& layers, const std::string& prefix, Shape& shape, Cost& cost);
Shape side_by_side(const Shape& part, const Shape& carried);
void join(const LayerSpec& layer, const std::string& path, Shape& shape, Cost& cost);

void visit(const LayerSpec& layer, const std::string& path, Shape& shape, Cost& cost) {
  if (layer.type == "linear") {
    if (shape.empty() || shape.back() != layer.in)
      misfit(path, layer, shape, std::to_string(layer.in) + " features");
    shape.back() = layer.out;
    cost.multiply_adds += static_cast<double>(product(shape)) * static_cast<double>(layer.in);
    cost.parameters += layer.in * layer.out + (layer.bias ? layer.out : 0);
  } else if (layer.type == "conv2d") {
    need_image(path, layer, shape, layer.in);
    window(path, layer, shape);
    shape[0] = layer.out;
    const std::int64_t taps = layer.in * layer.kernel * layer.kernel;
    cost.multiply_adds += static_cast<double>(product(shape)) * static_cast<double>(taps);
    cost.parameters += taps * layer.out + (layer.bias ? layer.out : 0);
  } else if (layer.type == "batch_norm2d") {
    need_image(path, layer, shape, layer.features);
    cost.parameters += 2 * layer.features;
  } else if (layer.type == "layer_norm") {
    if (shape.empty() || shape.back() != layer.features)
      misfit(path, layer, shape, std::to_string(layer.features) + " features");
    cost.parameters += 2 * layer.features;
  } else if (layer.type == "max_pool2d" || layer.type == "avg_pool2d") {
    need_image(path, layer, shape, 0);
    window(path, layer, shape);
  } else if (layer.type == "subsample_pad") {
    need_image(path, layer, shape, layer.in);
    shape = {layer.out, (shape[1] - 1) / layer.stride + 1, (shape[2] - 1) / layer.stride + 1};
  } else if (layer.type == "flatten") {
    shape = {product(shape)};
  } else if (layer.type == "residual") {
    Shape side = shape;
    walk(layer.body, path + ".body.", shape, cost);
    walk(layer.shortcut, path + ".shortcut.", side, cost);
    if (shape != side) misfit(path, layer, side, "a body and a shortcut of one shape (" + show(shape) + ")");
  } else if (layer.type == "embedding") {
    if (shape.size() != 1) misfit(path, layer, shape, "one row of token numbers");
    shape.push_back(layer.out);
    cost.parameters += layer.in * layer.out;
  } else if (layer.type == "positions") {
    if (shape.size() != 2) misfit(path, layer, shape, "tokens×features");
  } else if (layer.type == "attention") {
    if (shape.size() != 2 || shape[1] != 3 * layer.features)
      misfit(path, layer, shape, "tokens×" + std::to_string(3 * layer.features) + " (queries, keys, values)");
    if (layer.heads < 1 || layer.features % layer.heads != 0)
      misfit(path, layer, shape, "features that its " + std::to_string(layer.heads) + " heads divide evenly");
    shape[1] = layer.features;
    // q kᵀ and P v; masked products are computed too.
    cost.multiply_adds += 2 * static_cast<double>(product(shape)) * static_cast<double>(shape[0]);
  } else if (layer.type == "fork") {
    const Shape carried = shape;
    walk(layer.body, path + ".body.", shape, cost);
    shape = side_by_side(shape, carried);
  } else if (layer.type == "join") {
    join(layer, path, shape, cost);
  }
}

// [body(h) | h]: images flattened, rows of tokens side by side.
Shape side_by_side(const Shape& part, const Shape& carried) {
  if (part.size() == 2 && carried.size() == 2 && part[0] == carried[0])
    return {part[0], part[1] + carried[1]};
  return {product(part) + product(carried)};
}

void join(const LayerSpec& layer, const std::string& path, Shape& shape, Cost& cost) {
  const std::int64_t width = shape.empty() ? 0 : shape.back();
  if (shape.empty() || width <= layer.in)
    misfit(path, layer, shape, "more than " + std::to_string(layer.in) + " features");
  Shape part = shape, carried = shape;
  part.back() = layer.in;
  carried.back() = width - layer.in;
  if (!layer.part_shape.empty()) part = layer.part_shape;
  if (!layer.carried_shape.empty()) carried = layer.carried_shape;
  if (product(part) + product(carried) != product(shape))
    misfit(path, layer, shape, show(part) + " and " + show(carried) + " side by side");
  walk(layer.body, path + ".body.", part, cost);
  walk(layer.shortcut, path + ".shortcut.", carried, cost);
  if (part != carried)
    misfit(path, layer, carried, "a body and a shortcut of one shape (" + show(part) + ")");
  shape = part;
}

void walk(const std::vector<LayerSpec>& layers, const std::string& prefix, Shape& shape, Cost& cost) {
  for (std::size_t i = 0; i < layers.size(); ++i) visit(layers[i], prefix + std::to_string(i), shape, cost);
}

/// What the layers so far say about those that follow.
struct Known {
  struct Cut {
    Shape part, carried;
  };
  std::int64_t words = 0;
  std::vector<Cut> forks = {};  ///< those that are not joined yet
};

void infer(std::vector<LayerSpec>& layers, const std::string& prefix, Shape& shape, Known& known);

// The shape before a join is flat, or rows; those of its two parts are the fork's.
void infer_join(LayerSpec& layer, const std::string& path, const Shape& shape, Known& known) {
  const bool rows = shape.size() > 1;
  Known::Cut cut;
  if (!known.forks.empty()) {
    cut = known.forks.back();
    known.forks.pop_back();
  } else if (layer.in == 0) {
    misfit(path, layer, shape, "what a fork at the end of the segment before gives");
  }
  if (layer.in == 0) layer.in = rows ? cut.part.back() : product(cut.part);
  if (!rows && layer.in == product(cut.part)) {
    layer.part_shape = cut.part;
    layer.carried_shape = cut.carried;
  }
  Shape part = shape, carried = shape;
  part.back() = layer.in;
  carried.back() = shape.back() - layer.in;
  if (!layer.part_shape.empty()) part = layer.part_shape;
  if (!layer.carried_shape.empty()) carried = layer.carried_shape;
  infer(layer.body, path + ".body.", part, known);
  infer(layer.shortcut, path + ".shortcut.", carried, known);
}

void infer_inside(LayerSpec& layer, const std::string& path, const Shape& shape, Known& known) {
  Shape body = shape, side = shape;
  if (layer.type == "residual" || layer.type == "fork") infer(layer.body, path + ".body.", body, known);
  if (layer.type == "residual") infer(layer.shortcut, path + ".shortcut.", side, known);
  if (layer.type == "join") infer_join(layer, path, shape, known);
  if (layer.type == "fork") known.forks.push_back({body, shape});
}

void infer(std::vector<LayerSpec>& layers, const std::string& prefix, Shape& shape, Known& known) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    LayerSpec& layer = layers[i];
    const std::string path = prefix + std::to_string(i);
    const bool by_channel =
        layer.type == "conv2d" || layer.type == "batch_norm2d" || layer.type == "subsample_pad";
    if (by_channel) need_image(path, layer, shape, 0);
    if (shape.empty()) misfit(path, layer, shape, "features");
    const std::int64_t size = by_channel ? shape.front() : shape.back();
    if (layer.in == 0 && (layer.type == "linear" || layer.type == "conv2d" || layer.type == "subsample_pad"))
      layer.in = size;
    if (layer.in == 0 && layer.type == "embedding") layer.in = known.words;
    if (layer.features == 0 && (layer.type == "batch_norm2d" || layer.type == "layer_norm"))
      layer.features = size;
    if (layer.features == 0 && layer.type == "attention") layer.features = size / 3;
    if (layer.type == "subsample_pad" && layer.out < layer.in)
      misfit(path, layer, shape, "no more than out=" + std::to_string(layer.out) + " channels");
    infer_inside(layer, path, shape, known);
    Cost unused;
    visit(layer, path, shape, unused);
  }
}

std::string describe_layer(const LayerSpec& layer) {
  const auto n = [](std::int64_t v) { return std::to_string(v); };
  if (layer.type == "linear") return "linear " + n(layer.in) + "→" + n(layer.out);
  if (layer.type == "conv2d")
    return "conv " + n(layer.kernel) + "×" + n(layer.kernel) + " " + n(layer.in) + "→" + n(layer.out) +
           (layer.stride > 1 ? " stride " + n(layer.stride) : "");
  if (layer.type == "batch_norm2d") return "batch norm";
  if (layer.type == "layer_norm") return "layer norm";
  if (layer.type == "rms_norm") return "scale to unit mean square";
  if (layer.type == "max_pool2d") return "max pool " + n(layer.kernel);
  if (layer.type == "avg_pool2d") return "average pool " + n(layer.kernel);
  if (layer.type == "subsample_pad") return "every " + n(layer.stride) + ". pixel, zeros to " + n(layer.out);
  if (layer.type == "residual") return "residual (" + describe(layer.body) + ")";
  if (layer.type == "embedding") return "embedding " + n(layer.in) + "→" + n(layer.out);
  if (layer.type == "attention")
    return std::string(layer.causal ? "causal " : "") + "attention, " + n(layer.heads) + " heads";
  if (layer.type == "fork") return describe(layer.body) + ", beside its input";
  if (layer.type == "join")
    return (layer.body.empty() ? "sum" : describe(layer.body) + ", sum") + " with what came beside it";
  return layer.type;
}

}  // namespace

std::string describe(const SegmentSpec& segment) {
  std::string text;
  for (const auto& layer : segment) text += (text.empty() ? "" : ", ") + describe_layer(layer);
  return text;
}

// Shape of a point's own part: without the rows of tokens, and without what a fork carries beside it.
static Shape point_shape(const NetworkSpec& spec, const SegmentSpec& segment, const Shape& before,
                         const Shape& after) {
  Shape part = after;
  if (!segment.empty() && segment.back().type == "fork") {
    part = before;
    Cost ignored;
    walk(SegmentSpec(segment.begin(), segment.end() - 1), "", part, ignored);
    walk(segment.back().body, "", part, ignored);
  }
  return spec.words > 0 ? Shape{part.back()} : part;
}

static bool embeds(const std::vector<LayerSpec>& layers) {
  return std::any_of(layers.begin(), layers.end(), [](const LayerSpec& layer) {
    return layer.type == "embedding" || embeds(layer.body) || embeds(layer.shortcut);
  });
}

/// Layers that take all rows of a text as one.
static bool mixes_tokens(const std::vector<LayerSpec>& layers) {
  return std::any_of(layers.begin(), layers.end(), [](const LayerSpec& layer) {
    return layer.type == "flatten" || layer.type == "rms_norm" || mixes_tokens(layer.body) ||
           mixes_tokens(layer.shortcut);
  });
}

/// Token numbers become features in the first layer and nowhere else; no token sees later ones.
static void check_embedding(const NetworkSpec& spec) {
  const bool tokens = spec.words > 0 && spec.input.size() == 1;
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    for (std::size_t i = 0; i < spec.segments[l].size(); ++i) {
      const LayerSpec& layer = spec.segments[l][i];
      const bool first = l == 0 && i == 0, found = embeds({layer});
      const auto refuse = [&](const std::string& why) {
        throw InputError(in_words(std::to_string(l + 1) + "." + std::to_string(i)) + " (" + layer.type +
                         "): " + why);
      };
      if (found && !tokens) refuse("there are no words to embed; an embedding belongs to text");
      if (found && !first) refuse("token numbers are embedded by the first layer of all");
      if (tokens && first && layer.type != "embedding")
        refuse("text comes as token numbers: the first layer must be an embedding");
      if (tokens && mixes_tokens({layer}))
        refuse("it would let a token see those that come after it; on text only attention looks at others");
      if (found && layer.in != 0 && layer.in != spec.words)
        refuse("in=" + std::to_string(layer.in) + " is not the vocabulary's size, " +
               std::to_string(spec.words) + "; leave it out");
    }
}

NetworkCost measure_cost(const NetworkSpec& spec, std::vector<std::vector<std::int64_t>>* shapes) {
  if (spec.segments.empty()) throw InputError("a network needs at least one segment");
  check_embedding(spec);
  NetworkCost result;
  Shape shape = spec.input;
  if (spec.words > 0) result.rows = static_cast<double>(product(spec.input));
  for (std::size_t l = 0; l < spec.segments.size(); ++l) {
    Cost cost;
    const Shape before = shape;
    walk(spec.segments[l], std::to_string(l + 1) + ".", shape, cost);
    result.forward.push_back(cost.multiply_adds / result.rows);
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
                     (spec.words > 0 ? "rows of features" : "one number a class"));
  result.classes = static_cast<double>(shape.back());
  result.decoder = result.classes * static_cast<double>(spec.words);
  return result;
}

void infer_sizes(NetworkSpec& spec) {
  Shape shape = spec.input;
  Known known{spec.words};
  check_embedding(spec);
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    infer(spec.segments[l], std::to_string(l + 1) + ".", shape, known);
}

std::int64_t count_parameters(const NetworkSpec& spec) {
  Cost cost;
  Shape shape = spec.input;
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    walk(spec.segments[l], std::to_string(l + 1) + ".", shape, cost);
  return cost.parameters + (spec.words > 0 ? spec.words * (shape.back() + 1) : 0);
}

}  // namespace grapevine
