// A setting's value, as the form, the command line and the experiment file pass it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace grapevine {

using IntegerList = std::vector<std::int64_t>;
using TextList = std::vector<std::string>;

/// Exactly one alternative a setting's Kind (settings.h): boolean, integer, number, text, list of integers,
/// list of texts.
using Value = std::variant<bool, std::int64_t, double, std::string, IntegerList, TextList>;

}  // namespace grapevine
