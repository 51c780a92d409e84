// Links: a plan and a view as one line of text ("grapevine:?…"), to be pasted, typed or clicked. A link comes
// from anybody: it fills a form and starts nothing, and what says where something lies or is computed never
// travels in it. Pure functions; any thread may call.
//
//   grapevine:?data.name=shapes&seed=3&racer&rule.name=bp&racer&rule.name=grape&rule.align_rate=0.02&view=stage
//
// What is before the first `racer` holds for all of them; values are percent-encoded.
#pragma once

#include <string>
#include <string_view>

#include "engine/plans/plan.h"

namespace grapevine {

struct Setting;

struct Link {
  ExperimentPlan plan;
  std::string view;  ///< "" where the link names none; else what read_view() reads
};

/// Does the text begin as a link does? Blanks around it don't count.
bool is_link(std::string_view text);
/// Only what differs from the defaults.
std::string link_to(const ExperimentPlan& plan, std::string_view view = {});
/// Throws InputError for what is not a link, a setting that there isn't, a value that it can't have, a key
/// that links must not contain, and racers that can't race.
Link read_link(std::string_view text);

/// Whether other people may set it: not free text (it may contain a path) but the name, and nothing that
/// says where and how is computed.
bool may_travel(const Setting& setting);
/// The first setting of a plan that differs from its default and that links must not contain; "" when there
/// is none.
std::string key_that_may_not_travel(const ExperimentPlan& plan);

}  // namespace grapevine
