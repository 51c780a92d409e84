// Which known word was meant: for "did you mean …?". Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Levenshtein distance, in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Of ASCII's letters.
std::string in_lower_case(std::string_view word);

/// At most `count` of the candidates, nearest first: those within a third of the word's letters, and those
/// that contain the word, whatever the case of its letters. Empty when none is near.
std::vector<std::string> nearest_words(std::string_view word, const std::vector<std::string>& candidates,
                                       std::size_t count);

}  // namespace grapevine
