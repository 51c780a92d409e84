// Implements nn/arrays.h.
#include "engine/nn/arrays.h"

#include <cstring>

#include "engine/error.h"

namespace grapevine {
namespace {

struct TypeName {
  at::ScalarType type;
  const char* name;
};
constexpr TypeName type_names[] = {
    {at::kFloat, "f32"}, {at::kDouble, "f64"}, {at::kLong, "i64"}, {at::kByte, "u8"}};

const char* name_of(at::ScalarType type) {
  for (const auto& entry : type_names)
    if (entry.type == type) return entry.name;
  throw RunError("a tensor of type " + std::string(at::toString(type)) + " can't be stored");
}

at::ScalarType type_of(const std::string& name, const std::string& array) {
  for (const auto& entry : type_names)
    if (entry.name == name) return entry.type;
  throw InputError("array '" + array + "' has the unknown type '" + name + "'");
}

std::string show(at::IntArrayRef shape) {
  std::string text;
  for (auto extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text.empty() ? "a single number" : text;
}

}  // namespace

Array to_array(const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
  Array array;
  array.type = name_of(host.scalar_type());
  array.shape = host.sizes().vec();
  array.bytes.resize(host.nbytes());
  if (!array.bytes.empty()) std::memcpy(array.bytes.data(), host.data_ptr(), array.bytes.size());
  return array;
}

void from_array(const Array& array, const std::string& name, at::Tensor& tensor) {
  if (tensor.sizes() != at::IntArrayRef(array.shape))
    throw InputError("array '" + name + "' has shape " + show(array.shape) + " where " +
                     show(tensor.sizes()) + " is expected");
  at::Tensor host = at::empty(array.shape, at::TensorOptions().dtype(type_of(array.type, name)));
  if (host.nbytes() != array.bytes.size())
    throw InputError("array '" + name + "' holds " + std::to_string(array.bytes.size()) + " bytes where " +
                     std::to_string(host.nbytes()) + " are expected");
  if (!array.bytes.empty()) std::memcpy(host.data_ptr(), array.bytes.data(), array.bytes.size());
  tensor.copy_(host);
}

}  // namespace grapevine
