// Python's pickles as plain values. The format is a program for a stack machine, and able to call anything:
// here only numpy's reconstruction of arrays of whole numbers is understood, and nothing is ever called.
// Protocols 2 to 5, the opcodes that files of images use. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

struct PickleValue {
  enum class Kind { none, number, real, text, list, tuple, dict, array, type, function };
  Kind kind = Kind::none;
  std::int64_t number = 0;  ///< also of true and false
  double real = 0;
  std::string text;                 ///< text or bytes; an array's bytes; a type's or function's name
  std::string element;              ///< of an array: "u1", "i8" …
  std::vector<PickleValue*> items;  ///< of a dict: key, value, key, value …; an array's shape
};

/// A file's value and everything in it.
class Pickle {
 public:
  /// Throws InputError with file, offset and what was found.
  explicit Pickle(const std::string& file);
  const PickleValue& root() const { return *root_; }
  /// The value under a key of a dict; nullptr when there is none.
  static const PickleValue* find(const PickleValue& dict, std::string_view key);
  /// The whole numbers of a list, or of an array of them; nothing for anything else. The value of an entry
  /// that is no number is −1.
  static std::optional<std::vector<std::int64_t>> numbers(const PickleValue& value);

 private:
  friend class PickleMachine;
  std::deque<PickleValue> values_;  ///< own all: a value may stand in several places, also in itself
  const PickleValue* root_ = nullptr;
};

}  // namespace grapevine
