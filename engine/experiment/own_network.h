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
#include "engine/experiment/layer_type.h"

namespace grapevine {

/// Reads the JSON text of a list of segments; "" and "[]" are none. Throws InputError that names segment and
/// layer (from 1), field, value and what is allowed, `place` first. Whether shapes fit is not looked at.
std::vector<SegmentSpec> read_segments(std::string_view text, const std::string& place = "model.segments");
/// The shortest JSON that read_segments() takes for the same layers; "" for none.
std::string write_segments(const std::vector<SegmentSpec>& segments);

}  // namespace grapevine
