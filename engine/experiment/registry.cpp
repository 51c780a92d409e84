#include "engine/experiment/registry.h"

#include <measure_headers.h>
#include <model_headers.h>
#include <rule_headers.h>

#include <algorithm>
#include <stdexcept>

#include "engine/experiment/settings.h"

namespace grapevine {

#define GRAPEVINE_DATA(key) DataDescriptor describe_data_##key();
#include "engine/data/sets/sets.def"
#undef GRAPEVINE_DATA

namespace {

std::vector<MeasureDescriptor> make_measures() {
  std::vector<MeasureDescriptor> all = run_measures();
  for (const ProbeDescriptor& probe : probes()) {
    all.push_back(probe.measure);
    all.insert(all.end(), probe.beside.begin(), probe.beside.end());
  }
  for (MeasureDescriptor& measure : all)
    measure.is_error = std::any_of(
        all.begin(), all.end(), [&](const MeasureDescriptor& other) { return other.error == measure.key; });
  return all;
}

const std::string& key_of(const ProbeDescriptor& probe) {
  return probe.measure.key;
}
template <class Descriptor>
const std::string& key_of(const Descriptor& descriptor) {
  return descriptor.key;
}

template <class Descriptor>
const Descriptor* find_by_key(const std::vector<Descriptor>& all, std::string_view key) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Descriptor& d) { return key_of(d) == key; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

RuleDescriptor::RuleDescriptor() = default;
RuleDescriptor::RuleDescriptor(const RuleDescriptor&) = default;
RuleDescriptor::RuleDescriptor(RuleDescriptor&&) noexcept = default;
RuleDescriptor& RuleDescriptor::operator=(const RuleDescriptor&) = default;
RuleDescriptor& RuleDescriptor::operator=(RuleDescriptor&&) noexcept = default;
RuleDescriptor::~RuleDescriptor() = default;

const std::vector<RuleDescriptor>& rules() {
  static const std::vector<RuleDescriptor> all = {
#define GRAPEVINE_RULE(key) describe_##key(),
#include "engine/rules/rules.def"
#undef GRAPEVINE_RULE
  };
  return all;
}

const std::vector<ModelDescriptor>& models() {
  static const std::vector<ModelDescriptor> all = {
#define GRAPEVINE_MODEL(key) describe_model_##key(),
#include "engine/models/models.def"
#undef GRAPEVINE_MODEL
  };
  return all;
}

const std::vector<DataDescriptor>& data_sets() {
  static const std::vector<DataDescriptor> all = {
#define GRAPEVINE_DATA(key) describe_data_##key(),
#include "engine/data/sets/sets.def"
#undef GRAPEVINE_DATA
  };
  return all;
}

const std::vector<ProbeDescriptor>& probes() {
  static const std::vector<ProbeDescriptor> all = {
#define GRAPEVINE_MEASURE(key) describe_measure_##key(),
#include "engine/probes/measures/measures.def"
#undef GRAPEVINE_MEASURE
  };
  return all;
}

const std::vector<MeasureDescriptor>& measures() {
  static const std::vector<MeasureDescriptor> all = make_measures();
  return all;
}

std::int64_t DataDescriptor::classes_among(std::int64_t asked, bool coarse) const {
  if (coarse && coarse_classes > 0) return coarse_classes;
  return class_counts.empty() ? classes : asked;
}

bool ModelDescriptor::takes(const DataDescriptor& data) const {
  return data.text ? text : images;
}

const RuleDescriptor* find_rule(std::string_view key) {
  return find_by_key(rules(), key);
}
const ModelDescriptor* find_model(std::string_view key) {
  return find_by_key(models(), key);
}
const DataDescriptor* find_data(std::string_view key) {
  return find_by_key(data_sets(), key);
}

const ProbeDescriptor* find_probe(std::string_view key) {
  return find_by_key(probes(), key);
}
const MeasureDescriptor* find_measure(std::string_view key) {
  return find_by_key(measures(), key);
}

const ProbeDescriptor* probe_with(std::string_view measure_key) {
  for (const ProbeDescriptor& probe : probes()) {
    const auto brings = [&](const MeasureDescriptor& one) { return one.key == measure_key; };
    if (brings(probe.measure) || std::any_of(probe.beside.begin(), probe.beside.end(), brings)) return &probe;
  }
  return nullptr;
}

int measure_index(std::string_view key) {
  const MeasureDescriptor* found = find_measure(key);
  return found ? static_cast<int>(found - measures().data()) : -1;
}

const MeasureDescriptor& needle_measure(Needle needle) {
  const auto& all = measures();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const MeasureDescriptor& measure) { return measure.needle == needle; });
  if (found == all.end()) throw std::logic_error("no measure is shown by this needle");
  return *found;
}

const MeasureDescriptor& score_in(Phase phase, bool text) {
  for (const MeasureDescriptor* score : scores(phase))
    if ((score->quantity == Quantity::perplexity) == text) return *score;
  throw std::logic_error("runs are not judged in this phase");
}

std::vector<const MeasureDescriptor*> scores(Phase phase) {
  std::vector<const MeasureDescriptor*> found;
  for (const MeasureDescriptor& measure : measures())
    if (measure.is_score && measure.phase == phase) found.push_back(&measure);
  return found;
}

}  // namespace grapevine
