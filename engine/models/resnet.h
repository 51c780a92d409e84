// What the residual networks share; each is an entry of its own (resnet20.h, resnet56.h). Pure functions.
#pragma once

#include "engine/models/model.h"

namespace grapevine {

/// `blocks` a stage. Throws InputError where images are not square.
NetworkSpec build_resnet(const ModelSettings& model, const DataShape& data, int blocks);

}  // namespace grapevine
