// The stack machine. Opcodes by their bytes as in Python's Lib/pickletools.py.
#include <bit>

#include "engine/data/files.h"
#include "engine/data/pickle_machine.h"

namespace grapevine {

using Value = PickleValue;
using Kind = PickleValue::Kind;

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
  if (size > 8) refuse("a number of " + std::to_string(size) + " bytes is not one that files of images have");
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
    case 'Q':
      top();
      return true;  // BINPERSID: what stands for the storage stays, a tuple
    case 0x97:
      refuse("the arrays lie outside of the file (protocol 5's buffers); write it without buffer_callback");
    case 0x98:
      top();
      return true;  // READONLY_BUFFER
    default:
      return false;
  }
}

namespace {

// Unpacked; the largest of the published files has 154 MB.
constexpr std::uint64_t most_bytes = 256 << 20;

}  // namespace

Pickle::Pickle(const std::string& file) : Pickle(file, read_file(file, most_bytes)) {}

Pickle::Pickle(const std::string& file, std::vector<std::uint8_t> bytes) {
  PickleMachine machine(file, std::move(bytes), *this);
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
