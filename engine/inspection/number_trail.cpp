#include "engine/inspection/number_trail.h"

#include <algorithm>
#include <cmath>

#include "engine/inspection/arithmetic.h"
#include "engine/inspection/host_numbers.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

struct NotWritten {};

/// One sample of a batch, its values in a row.
at::Tensor sample_of(const at::Tensor& batch, std::int64_t n) {
  if (!batch.defined() || batch.dim() < 2 || n >= batch.size(0)) throw NotWritten{};
  return on_host(batch[n]).flatten();
}

double number(const at::Tensor& row, std::int64_t index) {
  return row[index].item<double>();
}

/// Row by row within channels.
struct Pixel {
  std::int64_t channel = 0, y = 0, x = 0;
};
Pixel pixel_of(std::int64_t index, const Shape& shape) {
  const std::int64_t area = shape[1] * shape[2], within = index % area;
  return {index / area, within / shape[2], within % shape[2]};
}
std::int64_t index_of(const Pixel& at, const Shape& shape) {
  return (at.channel * shape[1] + at.y) * shape[2] + at.x;
}

/// "[3, 0, 7]", or "[5]" of what is not an image.
std::string place(std::int64_t index, const Shape& shape) {
  std::string text = "[";
  if (shape.size() == 3) {
    const Pixel at = pixel_of(index, shape);
    text += std::to_string(at.channel) + ", " + std::to_string(at.y) + ", " + std::to_string(at.x);
  } else {
    text += std::to_string(index);
  }
  return text + "]";
}

/// "row 3", "rows 3–5".
std::string span(const std::string& what, std::int64_t first, std::int64_t last) {
  std::string text = what;
  if (last > first) text += 's';
  text += ' ';
  text += std::to_string(first);
  if (last > first) text.append("–").append(std::to_string(last));
  return text;
}

/// What a window covers, within the image.
struct Window {
  std::int64_t top, bottom, left, right;  ///< the last ones included
};
Window window_of(const Pixel& at, const LayerSpec& layer, const Shape& in) {
  const std::int64_t y = at.y * layer.stride - layer.padding, x = at.x * layer.stride - layer.padding;
  return {std::max<std::int64_t>(y, 0), std::min(y + layer.kernel, in[1]) - 1, std::max<std::int64_t>(x, 0),
          std::min(x + layer.kernel, in[2]) - 1};
}

/// A list of layers with what a pass left of them, and where their parameters are.
struct Road {
  const std::vector<LayerSpec>& layers;
  const std::vector<Tape>& tapes;
  std::string path;  ///< "2." or "2.0.body."
  Shape in;
  at::Tensor input;  ///< of the sample, in a row
};

class Walk {
 public:
  Walk(const Network& network, std::int64_t n, NumberTrail& trail)
      : network_(network), n_(n), trail_(trail) {}

  /// The number `index` behind the road's first `count` layers; what leads to it is put on the trail before.
  double value(const Road& road, std::size_t count, std::int64_t index) {
    if (count == 0) return number(road.input, index);
    const std::size_t i = count - 1;
    const LayerSpec& layer = road.layers[i];
    const Tape& tape = road.tapes[i];
    const Shape in = shape_before(road, i);
    const std::string where = place(index, shape_behind(layer, in));
    switch (layer.kind) {
      case LayerKind::flatten:
        return value(road, i, index);
      case LayerKind::dropout: {
        const double below = value(road, i, index);
        if (tape.saved.empty()) return below;
        const double factor = number(sample_of(tape.saved[0], n_), index);
        return note("kept" + where, as_factor(factor) + "·" + as_factor(below), factor * below);
      }
      case LayerKind::linear:
        return linear_sum(road, i, index, where);
      case LayerKind::conv2d:
        return window_sum(road, i, index, in, where);
      case LayerKind::batch_norm2d: {
        const std::int64_t channel = pixel_of(index, in).channel;
        const double below = value(road, i, index);
        return norm(road, i, where, below, number(on_host(tape.saved[0]).flatten(), channel),
                    number(on_host(tape.saved[1]).flatten(), channel), channel,
                    "of channel " + std::to_string(channel) + " over the batch");
      }
      case LayerKind::layer_norm:
        if (tape.saved[0].numel() != tape.input.size(0)) throw NotWritten{};  // tokens
        return norm(road, i, where, value(road, i, index), number(on_host(tape.saved[0]).flatten(), n_),
                    number(on_host(tape.saved[1]).flatten(), n_), index, "of the sample's features");
      case LayerKind::rms_norm: {
        const double below = value(road, i, index), scale = number(on_host(tape.saved[1]).flatten(), n_);
        note("1/√(mean square + ε)", "", scale);
        return note("scaled" + where, as_factor(below) + "·" + as_factor(scale), below * scale);
      }
      case LayerKind::max_pool2d:
      case LayerKind::avg_pool2d:
        return pool(road, i, index, in, where);
      case LayerKind::subsample_pad:
        return subsampled(road, i, index, in);
      case LayerKind::fork:
        return value(Road{layer.body, tape.body, path(road, i) + ".body.", in, input(road, i)},
                     layer.body.size(), index);
      case LayerKind::residual:
        return two_ways(index, where, {layer.body, tape.body, path(road, i) + ".body.", in, input(road, i)},
                        {layer.shortcut, tape.shortcut, path(road, i) + ".shortcut.", in, input(road, i)});
      case LayerKind::join: {
        const at::Tensor both = input(road, i);
        const Shape part = layer.part_shape.empty() ? Shape{layer.in} : layer.part_shape;
        const Shape carried =
            layer.carried_shape.empty() ? Shape{both.size(0) - layer.in} : layer.carried_shape;
        return two_ways(index, where,
                        {layer.body, tape.body, path(road, i) + ".body.", part, both.narrow(0, 0, layer.in)},
                        {layer.shortcut, tape.shortcut, path(road, i) + ".shortcut.", carried,
                         both.narrow(0, layer.in, both.size(0) - layer.in)});
      }
      default:
        if (layer_entry(layer.kind).features == Features::alone)
          return activation(layer, where, value(road, i, index));
        throw NotWritten{};
    }
  }

 private:
  static std::string path(const Road& road, std::size_t i) { return road.path + std::to_string(i); }

  static Shape shape_before(const Road& road, std::size_t i) {
    Shape shape = road.in;
    for (std::size_t below = 0; below < i; ++below) shape = shape_behind(road.layers[below], shape);
    return shape;
  }

  /// What comes into layer i.
  at::Tensor input(const Road& road, std::size_t i) const {
    return i == 0 ? road.input : sample_of(road.tapes[i].input, n_);
  }

  at::Tensor parameter(const Road& road, std::size_t i, const char* name) const {
    const int slot = network_.layout().slot(path(road, i) + "." + name);
    return slot < 0 ? at::Tensor() : on_host(network_.values()[slot]);
  }

  double note(const std::string& name, const std::string& arithmetic, double value) {
    trail_.numbers.push_back({name, arithmetic, value});
    return value;
  }

  void say(const std::string& sentence) { trail_.words += (trail_.words.empty() ? "" : " ") + sentence; }

  double activation(const LayerSpec& layer, const std::string& where, double below) {
    const std::string name = layer_name(layer.kind);
    Tape unused;
    const at::Tensor made =
        make_layer(layer)->forward(at::full({1, 1}, below, at::kDouble), unused, Pass::testing());
    return note(name + where, name + "(" + written(below) + ")", made.item<double>());
  }

  /// The sum at the bottom; `offsets` are the terms' places in the weight.
  double sum(const Road& road, std::size_t i, const std::string& name, const std::vector<Term>& terms,
             const std::vector<std::int64_t>& offsets, double bias) {
    const auto largest = std::max_element(terms.begin(), terms.end(), [](const Term& a, const Term& b) {
      return std::abs(a.left * a.right) < std::abs(b.left * b.right);
    });
    if (largest != terms.end() && trail_.weight_slot < 0) {
      trail_.weight_slot = network_.layout().slot(path(road, i) + ".weight");
      trail_.weight_index = offsets[static_cast<std::size_t>(largest - terms.begin())];
    }
    return note(name, written_sum(terms, bias), sum_of(terms, bias));
  }

  double linear_sum(const Road& road, std::size_t i, std::int64_t index, const std::string& where) {
    const at::Tensor x = input(road, i), weight = parameter(road, i, "weight"),
                     bias = parameter(road, i, "bias");
    if (x.size(0) != weight.size(1)) throw NotWritten{};  // tokens
    std::vector<Term> terms;
    std::vector<std::int64_t> offsets;
    for (std::int64_t k = 0; k < x.size(0); ++k) {
      terms.push_back({weight[index][k].item<double>(), number(x, k)});
      offsets.push_back(index * weight.size(1) + k);
    }
    return sum(road, i, "sum" + where, terms, offsets, bias.defined() ? number(bias, index) : 0);
  }

  double window_sum(const Road& road, std::size_t i, std::int64_t index, const Shape& in,
                    const std::string& where) {
    const LayerSpec& layer = road.layers[i];
    const Pixel at = pixel_of(index, shape_behind(layer, in));
    const Window window = window_of(at, layer, in);
    const at::Tensor x = input(road, i), bias = parameter(road, i, "bias");
    const at::Tensor weight = parameter(road, i, "weight")[at.channel].flatten();
    const std::int64_t k = layer.kernel, own = layer.in * k * k;
    std::vector<Term> terms;
    std::vector<std::int64_t> offsets;
    for (std::int64_t channel = 0; channel < layer.in; ++channel)
      for (std::int64_t y = window.top; y <= window.bottom; ++y)
        for (std::int64_t column = window.left; column <= window.right; ++column) {
          const std::int64_t down = y - (at.y * layer.stride - layer.padding);
          const std::int64_t right = column - (at.x * layer.stride - layer.padding);
          const std::int64_t offset = (channel * k + down) * k + right;
          terms.push_back({number(weight, offset), number(x, index_of({channel, y, column}, in))});
          offsets.push_back(at.channel * own + offset);
        }
    if (trail_.weight_slot < 0)
      say("The convolution's sum at " + where + " (channel, row, column) runs over " +
          span("channel", 0, layer.in - 1) + ", " + span("row", window.top, window.bottom) + " and " +
          span("column", window.left, window.right) + " of what comes in: " + std::to_string(terms.size()) +
          " products, weight times input.");
    return sum(road, i, "conv" + where, terms, offsets, bias.defined() ? number(bias, at.channel) : 0);
  }

  double norm(const Road& road, std::size_t i, const std::string& where, double below, double mean,
              double scale, std::int64_t feature, const std::string& of) {
    const double weight = number(parameter(road, i, "weight"), feature);
    const double bias = number(parameter(road, i, "bias"), feature);
    note("mean", "", mean);
    note("1/√(variance + ε)", "", scale);
    say("Mean and variance are those " + of + ".");
    return note("norm" + where,
                as_factor(weight) + "·(" + written(below) + " − " + as_factor(mean) + ")·" +
                    as_factor(scale) + " + " + as_factor(bias),
                weight * (below - mean) * scale + bias);
  }

  /// The window's values, and on from the largest of them.
  double pool(const Road& road, std::size_t i, std::int64_t index, const Shape& in,
              const std::string& where) {
    const LayerSpec& layer = road.layers[i];
    const Window window = window_of(pixel_of(index, shape_behind(layer, in)), layer, in);
    const std::int64_t channel = pixel_of(index, shape_behind(layer, in)).channel;
    const at::Tensor x = input(road, i);
    std::vector<double> values;
    std::int64_t largest = -1;
    for (std::int64_t y = window.top; y <= window.bottom; ++y)
      for (std::int64_t column = window.left; column <= window.right; ++column) {
        const std::int64_t here = index_of({channel, y, column}, in);
        values.push_back(number(x, here));
        if (largest < 0 || number(x, here) > number(x, largest)) largest = here;
      }
    value(road, i, largest);
    const bool takes_largest = layer.kind == LayerKind::max_pool2d;
    std::sort(values.begin(), values.end(), std::greater<>());
    const std::size_t shown = values.size() > terms_written ? terms_written - 2 : values.size();
    double all = 0, rest = 0;
    std::string text;
    for (std::size_t at = 0; at < values.size(); ++at) {
      all += values[at];
      if (at >= shown) rest += values[at];
      if (at < shown) text += (text.empty() ? "" : takes_largest ? ", " : " + ") + as_factor(values[at]);
    }
    if (takes_largest)
      return note("pool" + where, "max(" + text + (shown < values.size() ? ", …" : "") + ")", values.front());
    if (shown < values.size())
      text += " + … (" + std::to_string(values.size() - shown) + " smaller terms: " + written(rest) + ")";
    return note("pool" + where, "(" + text + ") / " + std::to_string(values.size()),
                all / static_cast<double>(values.size()));
  }

  double subsampled(const Road& road, std::size_t i, std::int64_t index, const Shape& in) {
    const LayerSpec& layer = road.layers[i];
    Pixel at = pixel_of(index, shape_behind(layer, in));
    at.channel -= (layer.out - layer.in) / 2;
    if (at.channel < 0 || at.channel >= layer.in) return 0;
    return value(road, i, index_of({at.channel, at.y * layer.stride, at.x * layer.stride}, in));
  }

  double two_ways(std::int64_t index, const std::string& where, const Road& body, const Road& shortcut) {
    const double through = value(body, body.layers.size(), index);
    const double beside = value(shortcut, shortcut.layers.size(), index);
    return note("sum" + where, as_factor(through) + " + " + as_factor(beside), through + beside);
  }

  const Network& network_;
  std::int64_t n_;
  NumberTrail& trail_;
};

}  // namespace

NumberTrail trail_of(const Network& network, int l, const NetworkTape& tape, std::int64_t n,
                     std::int64_t unit) {
  const auto at = static_cast<std::size_t>(l - 1);
  const at::Tensor& below = l == 1 ? tape.input : tape.outputs[at - 1];
  NumberTrail trail;
  try {
    const SegmentSpec& layers = network.spec().segments[at];
    const Road road{layers,
                    tape.segments[at],
                    std::to_string(l) + ".",
                    {below.sizes().begin() + 1, below.sizes().end()},
                    sample_of(below, n)};
    Walk(network, n, trail).value(road, layers.size(), unit);
  } catch (const NotWritten&) {
    return {};
  }
  return trail;
}

}  // namespace grapevine
