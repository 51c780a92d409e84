// What decides whether a run still improves: the measure behind train.patience and checkpoint.keep. Plain
// C++; pure functions.
#pragma once

#include <string>
#include <vector>

#include "engine/experiment/measure.h"

namespace grapevine {

class Experiment;

/// The words of train.monitor: auto, and the keys of what is measured at an epoch's end and has a better
/// side.
std::vector<std::string> monitor_words();
/// Does anything look at it?
bool is_monitored(const Experiment& experiment);
/// What is looked at; nullptr where train.monitor is auto and there are no validation data.
const MeasureDescriptor* monitored_measure(const Experiment& experiment);
/// Why this experiment never measures it, with what to do; "" where it does.
std::string monitor_trouble(const Experiment& experiment);
/// Whether there are validation data.
bool validates(const Experiment& experiment);

}  // namespace grapevine
