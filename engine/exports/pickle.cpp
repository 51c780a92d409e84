#include "engine/exports/pickle.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include "engine/nn/arrays.h"
#include "engine/nn/plain_errors.h"

namespace grapevine {
namespace {

at::Tensor tensor_of(const std::string& name, const Array& array) {
  const at::ScalarType type = array.type == "f32"   ? at::kFloat
                              : array.type == "f64" ? at::kDouble
                              : array.type == "i64" ? at::kLong
                                                    : at::kByte;
  at::Tensor tensor = at::empty(array.shape, at::TensorOptions().dtype(type));
  from_array(array, name, tensor);
  return tensor;
}

}  // namespace

std::string to_pickle(const ParameterFile& parameters) {
  return in_plain_words([&] {
    c10::impl::GenericDict all(c10::StringType::get(), c10::AnyType::get());
    for (const auto& [name, array] : parameters.arrays) all.insert(name, tensor_of(name, array));
    c10::impl::GenericDict words(c10::StringType::get(), c10::StringType::get());
    for (const auto& [word, text] : parameters.metadata) words.insert(word, text);
    all.insert("metadata", words);
    const std::vector<char> bytes = torch::jit::pickle_save(all);
    return std::string(bytes.begin(), bytes.end());
  });
}

}  // namespace grapevine
