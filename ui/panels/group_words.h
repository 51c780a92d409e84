// A group of runs in words, where no setting that makes groups says what it is. The window's thread only.
#pragma once

#include <QString>

#include "engine/runs/aggregate.h"
#include "engine/runs/comparison.h"

namespace grapevine {

/// Rule, model and data: "GrAPE, MLP, Fashion-MNIST".
QString kind_of_group(const RunGroup& group);
/// By what makes groups and what this one has nothing under: "no tags"; kind_of_group() where there is one
/// group.
QString name_without_values(const Comparison& all, const RunGroup& group);
/// What lies around a group's mean: "Standard deviation".
QString word_of(Band band);
/// "N 3", or "N 2–3".
QString seeds_in_words(int least, int most);

/// "failed: the loss is not a number", of the first that did; "" where none did.
QString failure_in_words(const RunGroup& group);

}  // namespace grapevine
