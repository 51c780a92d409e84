// Numbers in the words about data sets.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

/// "60,000"
inline std::string with_separators(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}

/// "20,000 of 50,000: a slice", where fewer than the published number are there.
inline void note_slice(std::string& note, std::int64_t count, std::int64_t published) {
  if (published > 0 && count < published)
    note = with_separators(count) + " of " + with_separators(published) + ": a slice";
}

/// The same before what a note says already.
inline void put_slice_before(std::string& note, std::int64_t count, std::int64_t published) {
  std::string slice;
  note_slice(slice, count, published);
  if (!slice.empty()) note = slice + (note.empty() ? "" : "; ") + note;
}

}  // namespace grapevine
