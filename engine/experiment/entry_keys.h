// The keys of entries as names of C++, for code that means one of them: what its list does not have does not
// compile. Code that means several asks the registry for those with a property. Values.
#pragma once

namespace grapevine {

namespace rule_keys {
#define GRAPEVINE_RULE(key) inline constexpr const char* key = #key;
#include "engine/rules/rules.def"
#undef GRAPEVINE_RULE
}  // namespace rule_keys

namespace model_keys {
#define GRAPEVINE_MODEL(key) inline constexpr const char* key = #key;
#include "engine/models/models.def"
#undef GRAPEVINE_MODEL
}  // namespace model_keys

namespace data_keys {
#define GRAPEVINE_DATA(key) inline constexpr const char* key = #key;
#include "engine/data/sets/sets.def"
#undef GRAPEVINE_DATA
}  // namespace data_keys

/// Measures of a probe; those of a whole run are families (measure.h).
namespace measure_keys {
#define GRAPEVINE_MEASURE(key) inline constexpr const char* key = #key;
#include "engine/probes/measures/measures.def"
#undef GRAPEVINE_MEASURE
}  // namespace measure_keys

}  // namespace grapevine
