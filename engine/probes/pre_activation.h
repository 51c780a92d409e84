// Signals at the pre-activation a_l: the input of a segment's last activation (learning-rules §9). Worker
// thread only.
#pragma once

#include <ATen/ATen.h>

#include <optional>

#include "engine/probes/probe_context.h"

namespace grapevine {

struct PreActivationSignals {
  at::Tensor own, exact;  ///< the rule's and BP's, N×(features of a_l)
};

/// δ_l taken from h_l down to a_l by the exact adjoints of the layers from the segment's last activation on,
/// as the probe's forward pass left them. Of a point inside a block its own part alone. nullopt where there
/// is not an activation, or parameters behind it.
std::optional<PreActivationSignals> signals_at_pre_activation(const ProbeContext& probe, int point);

}  // namespace grapevine
