// Single settings of a stored experiment, which may be curves alone, another version's or damaged: read by
// the bindings that an Experiment is read by. Values; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/experiment/bound_settings.h"

namespace grapevine {

class StoredSettings {
 public:
  /// `experiment`: the JSON text stored with a run. What is none has no settings.
  static StoredSettings of(const std::string& experiment);
  explicit StoredSettings(nlohmann::json experiment) : experiment_(std::move(experiment)) {}

  /// A member's setting, as given(&RunSettings::seed); nothing where it is not stored, or not of its kind. A
  /// word may be one that only another version knows.
  template <class Settings, class Member>
  std::optional<Member> given(Member Settings::*member) const {
    Settings settings;
    Binder binder(Settings::group);
    settings.bind(binder);
    if (!take(binder, binder.bound_to(&(settings.*member)))) return std::nullopt;
    return settings.*member;
  }

  const nlohmann::json& json() const { return experiment_; }

 private:
  bool take(const Binder& binder, const BoundSetting& bound) const;

  nlohmann::json experiment_;
};

/// What is stored under a dotted key; nullptr where nothing is.
const nlohmann::json* stored_under(const std::string& key, const nlohmann::json& experiment);

}  // namespace grapevine
