// Python's pickles as plain values. The format is a program for a stack machine, and able to call anything:
// here only numpy's reconstruction of arrays of whole numbers and PyTorch's of tensors are understood, and
// nothing is ever called. Protocols 2 to 5, the opcodes that files of images and of parameters use. One
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

struct PickleValue {
  enum class Kind { none, number, real, text, list, tuple, dict, array, tensor, type, function };
  Kind kind = Kind::none;
  std::int64_t number = 0;  ///< also of true and false
  double real = 0;
  std::string text;     ///< text or bytes; an array's bytes; a type's or function's name; a tensor's storage
  std::string element;  ///< of an array: "u1", "i8" …; of a tensor: "FloatStorage" …
  /// Of a dict: key, value, key, value …; an array's shape; a tensor's offset, shape and strides, in
  /// elements.
  std::vector<PickleValue*> items;
};

/// A file's value and everything in it.
class Pickle {
 public:
  /// Throws InputError with file, offset and what was found.
  explicit Pickle(const std::string& file);
  /// Of bytes in such a file.
  Pickle(const std::string& file, std::vector<std::uint8_t> bytes);
  const PickleValue& root() const { return *root_; }
  /// The value under a key of a dict; nullptr when there is none.
  static const PickleValue* find(const PickleValue& dict, std::string_view key);
  /// The whole numbers of a list, or of an array of them; nothing for anything else. The value of an entry
  /// that is not a number is −1.
  static std::optional<std::vector<std::int64_t>> numbers(const PickleValue& value);

 private:
  friend class PickleMachine;
  std::deque<PickleValue> values_;  ///< own all: a value may occur in several places, also in itself
  const PickleValue* root_ = nullptr;
};

}  // namespace grapevine
