// An experiment: every setting of one run, validated. JSON both ways. Plain C++; a value type, no thread of
// its own.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/value.h"

namespace grapevine {

class Experiment {
 public:
  /// All defaults, for the given rule.
  explicit Experiment(std::string_view rule_key = rule_keys::grape);

  /// From nested JSON. Unknown keys, wrong types and values out of range throw InputError naming key, value
  /// and what is allowed. A key "race" is not accepted here: that is a plan (plans/plan.h).
  static Experiment from_json(const nlohmann::json& json);
  nlohmann::json to_json() const;  ///< every key, nested by the dots

  /// Sets one key; setting "rule.name" swaps the rule's settings for the new rule's defaults.
  void set(std::string_view key, const Value& value);
  void set_text(std::string_view key, std::string_view text);  ///< VALUE as on the command line

  bool has(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;  ///< also of integer_or_auto that is not auto
  double number(std::string_view key) const;         ///< also of an integer
  const std::string& text(std::string_view key) const;
  const IntegerList& integers(std::string_view key) const;
  const TextList& texts(std::string_view key) const;
  bool is_auto(std::string_view key) const;
  const Value& value(std::string_view key) const;

  const std::string& rule() const { return text("rule.name"); }
  /// Every (key, value), in the order of forms.
  std::vector<std::pair<std::string, Value>> entries() const;
  /// Keys whose value differs from the default, as `--set` arguments.
  std::vector<std::string> differences() const;

  /// Combinations that can't work (a model that doesn't fit the data, calibration for a rule without feedback
  /// …), one sentence each; empty when all is well. The form marks `key`.
  struct Complaint {
    std::string key;
    std::string message;
  };
  std::vector<Complaint> complaints() const;
  /// Throws InputError with the first complaint.
  void check() const;

  bool operator==(const Experiment&) const = default;

 private:
  std::string rule_or_default() const;  ///< "" while the values are being filled
  std::map<std::string, Value, std::less<>> values_;
};

/// Training records as far as the settings tell, data.validation's among them; 0 = not known before the files
/// are read.
std::int64_t training_records(const Experiment& experiment);

}  // namespace grapevine
