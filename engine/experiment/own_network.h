// Networks that an experiment (model.segments) or a worked example lists itself: a list of segments, each a
// list of layers, each an object with "type" and the fields of LayerSpec (experiment/layer_spec.h). In an
// experiment sizes that follow from the shape before a layer (in, features) may be left out: they are 0 in
// the LayerSpec, and models/custom.cpp fills them. On text the first layer is an embedding, whose words are
// the vocabulary, and attention is causal always: what is learned is the next token. Pure functions; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/layer_spec.h"

namespace grapevine {

/// What a layer's field takes.
enum class FieldKind {
  count,     ///< a whole number of at least 1
  padding,   ///< a whole number of at least 0
  flag,      ///< true or false
  share,     ///< at least 0 and below 1
  positive,  ///< a number above 0
  layers,    ///< a list of layers
};

/// "a whole number from 1 to 16777216".
std::string allowed(FieldKind kind);

struct LayerField {
  const char* name;
  FieldKind kind;
  bool needed = false;
};

struct LayerType {
  const char* name;
  const char* help;
  std::vector<LayerField> fields;  ///< in the order in which they are written
};

/// The layers that a file may list.
const std::vector<LayerType>& layer_types();

/// Reads the JSON text of a list of segments; "" and "[]" are none. Throws InputError that names segment and
/// layer (from 1), field, value and what is allowed, `place` first. Whether shapes fit is not looked at.
std::vector<SegmentSpec> read_segments(std::string_view text, const std::string& place = "model.segments");
/// The shortest JSON that read_segments() takes for the same layers; "" for none.
std::string write_segments(const std::vector<SegmentSpec>& segments);

}  // namespace grapevine
