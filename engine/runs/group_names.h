// What a legend calls groups of runs. Pure; any thread.
#pragma once

#include <string>

#include "engine/runs/comparison.h"

namespace grapevine {

/// By what makes the groups, the rule first: "GrAPE · lr 0.01"; "no tags" for the group that has nothing
/// under them, kind_of_group() where there is one group.
std::string name_of_group(const Comparison& all, const RunGroup& group);
/// What its runs have in common: "GrAPE, MLP, Fashion-MNIST"; "several rules, MLP, Fashion-MNIST".
std::string kind_of_group(const RunGroup& group);

}  // namespace grapevine
