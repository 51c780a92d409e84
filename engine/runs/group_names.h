// What a legend calls groups of runs. Pure; any thread.
#pragma once

#include <string>

#include "engine/runs/comparison.h"

namespace grapevine {

/// By what makes the groups, the rule first: "GrAPE · lr 0.01"; where that says nothing, by kind_of_group().
std::string name_of_group(const Comparison& all, const RunGroup& group);
/// What its runs have in common: "GrAPE, MLP, Fashion-MNIST"; "several rules, MLP, Fashion-MNIST".
std::string kind_of_group(const RunGroup& group);

}  // namespace grapevine
