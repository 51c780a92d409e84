// Which known word was meant: for "did you mean …?". Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Levenshtein distance, in bytes; where lengths alone differ by more than `limit`, that difference, at once.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit = std::string_view::npos);

/// Of ASCII's letters.
std::string in_lower_case(std::string_view word);

/// At most `count` of the candidates, nearest first: those within a third of the word's letters, and those
/// that contain the word, whatever the case of its letters. Empty when none is near.
std::vector<std::string> nearest_words(std::string_view word, const std::vector<std::string>& candidates,
                                       std::size_t count);

}  // namespace grapevine
