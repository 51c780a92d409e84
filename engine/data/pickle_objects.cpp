// What a pickle asks to call, as plain values: numpy's arrays, PyTorch's tensors.
#include <algorithm>
#include <map>

#include "engine/data/pickle_machine.h"

namespace grapevine {

using Value = PickleValue;
using Kind = PickleValue::Kind;

std::size_t size_of_element(const std::string& name) {
  static const std::map<std::string, std::size_t> sizes{
      {"u1", 1},     {"i1", 1},    {"u2", 2},     {"i2", 2},   {"u4", 4},     {"i4", 4},
      {"u8", 8},     {"i8", 8},    {"uint8", 1},  {"int8", 1}, {"uint16", 2}, {"int16", 2},
      {"uint32", 4}, {"int32", 4}, {"uint64", 8}, {"int64", 8}};
  const auto found = sizes.find(name);
  return found == sizes.end() ? 0 : found->second;
}

// A name is all that is ever made of it.
void PickleMachine::push_function(const std::string& module, const std::string& name) {
  const std::string whole = module + "." + name;
  for (const char* known :
       {"numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
        "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer", "numpy.ndarray", "numpy.dtype",
        "_codecs.encode", "collections.OrderedDict", "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_parameter", "torch.jit._pickle.restore_type_tag"})
    if (whole == known) {
      push(Kind::function)->text = whole;
      return;
    }
  if (module == "torch" && name.ends_with("Storage")) {
    push(Kind::type)->text = name;
    return;
  }
  refuse("the pickle asks for '" + whole + "', which is not run: only arrays and tensors are read");
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
  } else if (name == "collections.OrderedDict") {
    push(Kind::dict);
  } else if (name == "torch._utils._rebuild_tensor_v2") {
    rebuild_tensor(items);
  } else if (name == "torch.jit._pickle.restore_type_tag") {  // (value, its type's name)
    if (items.empty()) damaged();
    stack_.push_back(items[0]);
  } else if (name == "torch._utils._rebuild_parameter") {  // (tensor, requires_grad, hooks)
    if (items.empty() || items[0]->kind != Kind::tensor) damaged();
    stack_.push_back(items[0]);
  } else {
    refuse("the pickle calls '" + name + "', which is not run: only arrays and tensors are read");
  }
}

// (storage, offset, shape, strides, …), the storage being ("storage", its type, its name, device, elements).
void PickleMachine::rebuild_tensor(const std::vector<Value*>& arguments) {
  if (arguments.size() < 4 || arguments[0]->kind != Kind::tuple || arguments[1]->kind != Kind::number ||
      arguments[2]->kind != Kind::tuple || arguments[3]->kind != Kind::tuple)
    damaged();
  const auto& storage = arguments[0]->items;
  if (storage.size() < 3 || storage[1]->kind != Kind::type || storage[2]->kind != Kind::text) damaged();
  Value* tensor = push(Kind::tensor);
  tensor->element = storage[1]->text;
  tensor->text = storage[2]->text;
  tensor->items = {arguments[1], arguments[2], arguments[3]};
}

void PickleMachine::build() {
  // A dictionary's attributes (PyTorch's state_dict has versions there) say nothing of its entries.
  if (stack_.size() >= floor() + 2 && stack_[stack_.size() - 2]->kind == Kind::dict) {
    pop();
    return;
  }
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
    refuse("the array of more than two extents is in Fortran order, expected C order");
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

}  // namespace grapevine
