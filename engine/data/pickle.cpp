// The stack machine. Opcodes by their bytes as in Python's Lib/pickletools.py.
#include "engine/data/pickle.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <initializer_list>
#include <map>
#include <unordered_map>

#include "engine/data/files.h"
#include "engine/data/sniff.h"
#include "engine/error.h"

namespace grapevine {

using Value = PickleValue;
using Kind = PickleValue::Kind;

class PickleMachine {
 public:
  PickleMachine(const std::string& file, Pickle& pickle)
      : file_(file),
        bytes_(read_file(file, most_bytes)),
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
  // Unpacked; the largest of the published files has 154 MB.
  static constexpr std::uint64_t most_bytes = 256 << 20;

  [[noreturn]] void refuse(const std::string& why) const {
    throw InputError(file_ + ": offset " + std::to_string(begin_) + ": " + why);
  }
  [[noreturn]] void unknown(unsigned opcode, const std::string& advice) const {
    static constexpr char digits[] = "0123456789abcdef";
    refuse(std::string("the opcode 0x") + digits[opcode >> 4] + digits[opcode & 15] +
           " is none that files of images use" + advice);
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
  void build_array(Value& array, const Value& state);
  void fill_array(Value& array, const Value& shape, const std::string& element, bool fortran,
                  const std::string& content);

  std::string file_;
  std::vector<std::uint8_t> bytes_;
  Pickle& pickle_;
  std::int64_t budget_;             ///< bytes that may still be used
  std::size_t at_ = 0, begin_ = 0;  ///< the next byte; where the opcode stands
  std::vector<Value*> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, Value*> memo_;
};

bool PickleMachine::constant(unsigned opcode) {
  switch (opcode) {
    case 0x80:  // PROTO
      if (number(1) > 5) refuse("the pickle is of a newer protocol than 5; write it with protocol 2 or 4");
      return true;
    case 0x95:
      take(8);
      return true;  // FRAME
    case 'N':
      push(Kind::none);
      return true;  // NONE
    case 0x88:
      push_number(1);
      return true;  // NEWTRUE
    case 0x89:
      push_number(0);
      return true;  // NEWFALSE
    case 'K':
      push_number(number(1));
      return true;  // BININT1
    case 'M':
      push_number(number(2));
      return true;  // BININT2
    case 'J':
      push_number(static_cast<std::int32_t>(number(4)));
      return true;  // BININT
    case 0x8a:
      push_long(number(1));
      return true;  // LONG1
    case 'G': {     // BINFLOAT, big-endian
      const std::uint64_t little = long_number(8);
      push(Kind::real)->real = std::bit_cast<double>(__builtin_bswap64(little));
      return true;
    }
    case 'U':
    case 'C':
    case 0x8c:  // SHORT_BINSTRING, SHORT_BINBYTES, SHORT_BINUNICODE
      push_text(characters(number(1)));
      return true;
    case 'T':
    case 'B':
    case 'X':  // BINSTRING, BINBYTES, BINUNICODE
      push_text(characters(number(4)));
      return true;
    case 0x8d:
    case 0x8e:
    case 0x96:  // BINUNICODE8, BINBYTES8, BYTEARRAY8
      push_text(characters(long_number(8)));
      return true;
    default:
      return false;
  }
}

void PickleMachine::push_long(unsigned size) {
  if (size > 8) refuse("a number of " + std::to_string(size) + " bytes is none that files of images have");
  std::uint64_t value = long_number(static_cast<int>(size));
  const bool negative = size > 0 && size < 8 && (value >> (8 * size - 1)) != 0;
  if (negative) value |= ~std::uint64_t{0} << (8 * size);
  push_number(static_cast<std::int64_t>(value));
}

bool PickleMachine::container(unsigned opcode) {
  switch (opcode) {
    case '(':
      marks_.push_back(stack_.size());
      return true;  // MARK
    case '0':
      pop();
      return true;  // POP
    case ']':
      push(Kind::list);
      return true;  // EMPTY_LIST
    case '}':
      push(Kind::dict);
      return true;  // EMPTY_DICT
    case ')':
      push_tuple({});
      return true;  // EMPTY_TUPLE
    case 0x85:
    case 0x86:
    case 0x87:  // TUPLE1, TUPLE2, TUPLE3
      push_tuple(pop_last(opcode - 0x84));
      return true;
    case 't':
      push_tuple(pop_to_mark());
      return true;  // TUPLE
    case 'a': {     // APPEND
      const std::vector<Value*> item = pop_last(1);
      add_to(Kind::list, item);
      return true;
    }
    case 's': {  // SETITEM
      const std::vector<Value*> item = pop_last(2);
      add_to(Kind::dict, item);
      return true;
    }
    case 'e':
    case 'u': {  // APPENDS, SETITEMS
      const std::vector<Value*> items = pop_to_mark();
      add_to(opcode == 'e' ? Kind::list : Kind::dict, items);
      return true;
    }
    default:
      return false;
  }
}

bool PickleMachine::memo(unsigned opcode) {
  const auto get = [&](std::uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) damaged();
    stack_.push_back(found->second);
  };
  switch (opcode) {
    case 'q': {
      const std::uint32_t index = number(1);
      memo_[index] = top();
      return true;
    }  // BINPUT
    case 'r': {
      const std::uint32_t index = number(4);
      memo_[index] = top();
      return true;
    }  // LONG_BINPUT
    case 0x94:
      memo_[static_cast<std::uint32_t>(memo_.size())] = top();
      return true;  // MEMOIZE
    case 'h':
      get(number(1));
      return true;  // BINGET
    case 'j':
      get(number(4));
      return true;  // LONG_BINGET
    default:
      return false;
  }
}

bool PickleMachine::object(unsigned opcode) {
  switch (opcode) {
    case 'c': {  // GLOBAL
      const std::string module = line();
      push_function(module, line());
      return true;
    }
    case 0x93: {  // STACK_GLOBAL
      const std::string name = pop(Kind::text)->text;
      push_function(pop(Kind::text)->text, name);
      return true;
    }
    case 'R':
      call();
      return true;  // REDUCE
    case 'b':
      build();
      return true;  // BUILD
    case 0x97:
      refuse("the arrays lie outside of the file (protocol 5's buffers); write it without buffer_callback");
    case 0x98:
      top();
      return true;  // READONLY_BUFFER
    default:
      return false;
  }
}

// A name is all that is ever made of it.
void PickleMachine::push_function(const std::string& module, const std::string& name) {
  const std::string whole = module + "." + name;
  for (const char* known : {"numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
                            "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
                            "numpy.ndarray", "numpy.dtype", "_codecs.encode"})
    if (whole == known) {
      push(Kind::function)->text = whole;
      return;
    }
  refuse("the pickle asks for '" + whole + "', which is not run: only numpy arrays are read");
}

void PickleMachine::call() {
  const Value* arguments = pop(Kind::tuple);
  const std::string name = pop(Kind::function)->text;
  const auto& items = arguments->items;
  if (name.ends_with("._reconstruct")) {
    if (items.size() != 3 || items[0]->text != "numpy.ndarray")
      refuse("numpy's reconstruction is asked for something that is not an array");
    push(Kind::array);
  } else if (name.ends_with("._frombuffer")) {  // protocol 5: (bytes, type, shape, order)
    if (items.size() != 4 || items[0]->kind != Kind::text || items[1]->kind != Kind::type ||
        items[2]->kind != Kind::tuple || items[3]->kind != Kind::text)
      damaged();
    fill_array(*push(Kind::array), *items[2], items[1]->text, items[3]->text == "F", items[0]->text);
  } else if (name == "numpy.dtype") {
    if (items.empty() || items[0]->kind != Kind::text) damaged();
    push(Kind::type)->text = items[0]->text;
  } else if (name == "_codecs.encode") {  // how Python 3 writes bytes in protocol 2
    if (items.size() != 2 || items[0]->kind != Kind::text || items[1]->text != "latin1") damaged();
    std::string bytes;
    for (std::size_t i = 0; i < items[0]->text.size(); ++i) {
      const auto first = static_cast<unsigned char>(items[0]->text[i]);
      if (first < 0x80) {
        bytes += static_cast<char>(first);
      } else {
        if ((first != 0xC2 && first != 0xC3) || ++i == items[0]->text.size()) damaged();
        bytes += static_cast<char>((first << 6) | (static_cast<unsigned char>(items[0]->text[i]) & 0x3F));
      }
    }
    push_text(std::move(bytes));
  } else {
    refuse("the pickle calls '" + name + "', which is not run: only numpy arrays are read");
  }
}

void PickleMachine::build() {
  const Value* state = pop(Kind::tuple);
  Value* value = top();
  if (value->kind == Kind::array)
    build_array(*value, *state);
  else if (value->kind != Kind::type)  // a type's state says nothing more of bytes
    refuse("the pickle sets the state of something that is not a numpy array");
}

// (version, shape, type, in Fortran's order, bytes)
void PickleMachine::build_array(Value& array, const Value& state) {
  const auto& items = state.items;
  if (items.size() != 5 || items[1]->kind != Kind::tuple || items[2]->kind != Kind::type ||
      items[4]->kind != Kind::text)
    damaged();
  fill_array(array, *items[1], items[2]->text, items[3]->number != 0, items[4]->text);
}

namespace {

/// Bytes of an element of numpy's whole numbers; 0 for other types.
std::size_t size_of_element(const std::string& name) {
  static const std::map<std::string, std::size_t> sizes{
      {"u1", 1},     {"i1", 1},    {"u2", 2},     {"i2", 2},   {"u4", 4},     {"i4", 4},
      {"u8", 8},     {"i8", 8},    {"uint8", 1},  {"int8", 1}, {"uint16", 2}, {"int16", 2},
      {"uint32", 4}, {"int32", 4}, {"uint64", 8}, {"int64", 8}};
  const auto found = sizes.find(name);
  return found == sizes.end() ? 0 : found->second;
}

}  // namespace

void PickleMachine::fill_array(Value& array, const Value& shape, const std::string& element, bool fortran,
                               const std::string& content) {
  const std::size_t bytes = size_of_element(element);
  if (bytes == 0)
    refuse("the array's elements are '" + element + "', expected 'u1' (unsigned bytes) or whole numbers");
  std::uint64_t size = bytes;
  for (const Value* extent : shape.items) {
    if (extent->kind != Kind::number || extent->number < 0 ||
        __builtin_mul_overflow(size, static_cast<std::uint64_t>(extent->number), &size))
      damaged();
  }
  if (size != content.size())
    refuse("the array holds " + std::to_string(content.size()) + " bytes, its shape announces " +
           std::to_string(size));
  if (fortran && shape.items.size() > 2)
    refuse("the array of more than two extents lies in Fortran's order, expected C's");
  spend(size);
  array.items = shape.items;
  array.element = element;
  array.text = content;
  if (!fortran || shape.items.size() != 2) return;
  const auto rows = static_cast<std::size_t>(shape.items[0]->number),
             columns = static_cast<std::size_t>(shape.items[1]->number);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      std::copy_n(content.data() + (column * rows + row) * bytes, bytes,
                  array.text.data() + (row * columns + column) * bytes);
}

Pickle::Pickle(const std::string& file) {
  PickleMachine machine(file, *this);
  root_ = machine.run();
}

const PickleValue* Pickle::find(const PickleValue& dict, std::string_view key) {
  if (dict.kind != Kind::dict) return nullptr;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
    if (dict.items[i]->kind == Kind::text && dict.items[i]->text == key) return dict.items[i + 1];
  return nullptr;
}

std::optional<std::vector<std::int64_t>> Pickle::numbers(const PickleValue& value) {
  std::vector<std::int64_t> all;
  if (value.kind == Kind::list || value.kind == Kind::tuple) {
    for (const PickleValue* item : value.items) all.push_back(item->kind == Kind::number ? item->number : -1);
    return all;
  }
  if (value.kind != Kind::array) return std::nullopt;
  const std::size_t size = size_of_element(value.element);
  for (std::size_t at = 0; at + size <= value.text.size(); at += size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i-- > 0;)
      number = number << 8 | static_cast<unsigned char>(value.text[at + i]);
    all.push_back(static_cast<std::int64_t>(number));
  }
  return all;
}

}  // namespace grapevine
