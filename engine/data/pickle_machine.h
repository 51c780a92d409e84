// The stack machine of pickle.h, for its two sources alone: opcodes (pickle.cpp), objects
// (pickle_objects.cpp).
#pragma once

#include <cstring>
#include <unordered_map>

#include "engine/data/pickle.h"
#include "engine/data/sniff.h"
#include "engine/error.h"

namespace grapevine {

class PickleMachine {
  using Value = PickleValue;
  using Kind = PickleValue::Kind;

 public:
  PickleMachine(const std::string& file, std::vector<std::uint8_t> bytes, Pickle& pickle)
      : file_(file),
        bytes_(std::move(bytes)),
        pickle_(pickle),
        budget_(3 * std::ssize(bytes_) + (std::int64_t{64} << 20)) {}

  const Value* run() {
    // Some other files begin with bytes that are opcodes, too.
    if (const std::string instead = what_it_is(bytes_); !instead.empty())
      unknown(bytes_.front(), in_its_place(bytes_));
    for (;;) {
      begin_ = at_;
      const unsigned opcode = number(1);
      if (opcode == '.') return pop();
      if (!constant(opcode) && !container(opcode) && !memo(opcode) && !object(opcode))
        unknown(opcode, "; the file is damaged or of another format");
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw InputError(file_ + ": offset " + std::to_string(begin_) + ": " + why);
  }
  [[noreturn]] void unknown(unsigned opcode, const std::string& advice) const {
    static constexpr char digits[] = "0123456789abcdef";
    refuse(std::string("the opcode 0x") + digits[opcode >> 4] + digits[opcode & 15] +
           " is not one that files of images or parameters use" + advice);
  }
  [[noreturn]] void damaged() const { refuse("the pickle is damaged or cut short; get the file again"); }

  // The bytes.
  const std::uint8_t* take(std::uint64_t count) {
    if (count > bytes_.size() - at_) damaged();
    const std::uint8_t* here = bytes_.data() + at_;
    at_ += count;
    return here;
  }
  std::uint64_t long_number(int size) {
    const std::uint8_t* from = take(static_cast<std::uint64_t>(size));
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i) value |= std::uint64_t{from[i]} << (8 * i);
    return value;
  }
  std::uint32_t number(int size) { return static_cast<std::uint32_t>(long_number(size)); }
  std::string characters(std::uint64_t count) {
    const auto* from = reinterpret_cast<const char*>(take(count));
    return {from, count};
  }
  std::string line() {
    const void* end = std::memchr(bytes_.data() + at_, '\n', bytes_.size() - at_);
    if (!end) damaged();
    const auto length = static_cast<const std::uint8_t*>(end) - (bytes_.data() + at_);
    std::string text = characters(static_cast<std::uint64_t>(length));
    ++at_;
    return text;
  }

  /// A few bytes of a pickle can ask for any number of copies: memory is counted before it is used.
  void spend(std::uint64_t bytes) {
    budget_ -= static_cast<std::int64_t>(bytes);
    if (budget_ < 0)
      refuse("the pickle asks for more memory than any file of images; it was made to do harm");
  }

  // The stack.
  Value* make(Kind kind) {
    spend(sizeof(Value));
    Value& value = pickle_.values_.emplace_back();
    value.kind = kind;
    return &value;
  }
  Value* push(Kind kind) { return stack_.emplace_back(make(kind)); }
  void push_number(std::int64_t number) { push(Kind::number)->number = number; }
  void push_text(std::string text) {
    spend(text.size());
    push(Kind::text)->text = std::move(text);
  }
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Value* top() {
    if (stack_.size() <= floor()) damaged();
    return stack_.back();
  }
  Value* pop() {
    Value* value = top();
    stack_.pop_back();
    return value;
  }
  Value* pop(Kind kind) {
    Value* value = pop();
    if (value->kind != kind) damaged();
    return value;
  }
  std::vector<Value*> pop_last(std::size_t count) {
    if (stack_.size() < floor() + count) damaged();
    std::vector<Value*> values(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return values;
  }
  std::vector<Value*> pop_to_mark() {
    if (marks_.empty()) damaged();
    std::vector<Value*> values = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return values;
  }
  void push_tuple(std::vector<Value*> items) { push(Kind::tuple)->items = std::move(items); }
  void add_to(Kind kind, const std::vector<Value*>& items) {
    Value* into = top();
    if (into->kind != kind || (kind == Kind::dict && items.size() % 2 != 0)) damaged();
    spend(items.size() * sizeof(Value*));
    into->items.insert(into->items.end(), items.begin(), items.end());
  }

  // The opcodes; each group says whether the opcode was one of its.
  bool constant(unsigned opcode);
  bool container(unsigned opcode);
  bool memo(unsigned opcode);
  bool object(unsigned opcode);
  void push_long(unsigned size);
  void push_function(const std::string& module, const std::string& name);
  void call();
  void build();
  void rebuild_tensor(const std::vector<Value*>& arguments);
  void build_array(Value& array, const Value& state);
  void fill_array(Value& array, const Value& shape, const std::string& element, bool fortran,
                  const std::string& content);

  std::string file_;
  std::vector<std::uint8_t> bytes_;
  Pickle& pickle_;
  std::int64_t budget_;             ///< bytes that may still be used
  std::size_t at_ = 0, begin_ = 0;  ///< the next byte; where the opcode is
  std::vector<Value*> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, Value*> memo_;
};

/// Bytes of an element of numpy's whole numbers; 0 for other types.
std::size_t size_of_element(const std::string& name);

}  // namespace grapevine
