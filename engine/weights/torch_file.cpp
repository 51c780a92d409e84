#include "engine/weights/torch_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "engine/data/half_precision.h"
#include "engine/data/number_array.h"
#include "engine/data/pickle.h"
#include "engine/error.h"
#include "engine/files/machine.h"

namespace grapevine {
namespace {

using Kind = PickleValue::Kind;
using Bytes = std::vector<std::uint8_t>;

[[noreturn]] void refuse(const std::string& path, const std::string& found) {
  throw InputError("the file of parameters " + path + " " + found +
                   "; from PyTorch save the tensors alone: torch.save(network.state_dict(), FILE)");
}

struct Members {
  Bytes structure;
  std::map<std::string, Bytes> storages;
};

/// Everything that the zip holds, as far as memory allows.
Members members_of(const std::string& path) {
  const std::unique_ptr<archive, int (*)(archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_format_zip(in.get());
  const auto damaged = [&] {
    const char* words = archive_error_string(in.get());
    refuse(path, std::string("is damaged or cut short (") + (words ? words : "no reason given") + ")");
  };
  if (archive_read_open_filename(in.get(), path.c_str(), 1 << 18) != ARCHIVE_OK) damaged();
  Members found;
  std::int64_t room = memory_for_data();
  for (archive_entry* entry = nullptr;;) {
    const int code = archive_read_next_header(in.get(), &entry);
    if (code == ARCHIVE_EOF) return found;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) damaged();
    const std::string name = archive_entry_pathname(entry) ? archive_entry_pathname(entry) : "";
    const std::size_t data = name.find("/data/");
    if (!name.ends_with("/data.pkl") && data == std::string::npos) continue;
    Bytes& bytes = data == std::string::npos ? found.structure : found.storages[name.substr(data + 6)];
    Bytes piece(1 << 18);
    for (;;) {
      const la_ssize_t got = archive_read_data(in.get(), piece.data(), piece.size());
      if (got < 0) damaged();
      if (got == 0) break;
      if ((room -= got) < 0) refuse(path, "holds more than this machine's memory takes");
      bytes.insert(bytes.end(), piece.begin(), piece.begin() + got);
    }
  }
}

/// The dictionary of tensors, which training scripts keep under one of two names.
const PickleValue& tensors_in(const PickleValue& root, const std::string& path) {
  for (const char* name : {"state_dict", "model_state_dict"})
    if (const PickleValue* inner = Pickle::find(root, name); inner && inner->kind == Kind::dict)
      return *inner;
  if (root.kind != Kind::dict) refuse(path, "holds no dictionary of tensors");
  return root;
}

struct StorageType {
  const char* name;
  const char* array;  ///< the type as it comes out
  std::size_t size;   ///< bytes of an element in the file
  float (*widen)(std::uint16_t bits);
};

constexpr StorageType types[] = {{"FloatStorage", "f32", 4, nullptr},
                                 {"DoubleStorage", "f64", 8, nullptr},
                                 {"LongStorage", "i64", 8, nullptr},
                                 {"ByteStorage", "u8", 1, nullptr},
                                 {"BoolStorage", "u8", 1, nullptr},
                                 {"HalfStorage", "f32", 2, from_half},
                                 {"BFloat16Storage", "f32", 2, from_brain_float}};

/// A tensor's elements one after the other, whatever its strides are.
Array array_of(const PickleValue& tensor, const std::string& name, const Members& members,
               const std::string& path) {
  const StorageType* type = nullptr;
  for (const StorageType& one : types)
    if (tensor.element == one.name) type = &one;
  if (!type) refuse(path, "has " + name + " as " + tensor.element + ", where float32 or float64 is read");
  const auto storage = members.storages.find(tensor.text);
  const auto shape = Pickle::numbers(*tensor.items[1]), strides = Pickle::numbers(*tensor.items[2]);
  if (storage == members.storages.end() || !shape || !strides || shape->size() != strides->size())
    refuse(path, "is damaged at " + name);
  const auto held = static_cast<std::int64_t>(storage->second.size() / type->size);
  const std::int64_t count = elements_of(*shape, Element::f64);
  // From the first element to the last one: all must lie in the storage.
  std::int64_t last = tensor.items[0]->number;
  bool whole = count >= 0 && last >= 0;
  for (std::size_t d = 0; whole && count > 0 && d < shape->size(); ++d) {
    std::int64_t reach = 0;
    whole = (*shape)[d] >= 0 && (*strides)[d] >= 0 &&
            !__builtin_mul_overflow((*shape)[d] - 1, (*strides)[d], &reach) &&
            !__builtin_add_overflow(last, reach, &last);
  }
  if (!whole || (count > 0 && last >= held)) refuse(path, "is damaged at " + name);
  Array array{type->array, *shape, {}};
  const std::size_t wide = type->widen ? 4 : type->size;
  array.bytes.resize(static_cast<std::size_t>(count) * wide);
  std::vector<std::int64_t> place(shape->size(), 0);
  std::int64_t from = tensor.items[0]->number;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint8_t* element = storage->second.data() + static_cast<std::size_t>(from) * type->size;
    std::uint8_t* to =
        reinterpret_cast<std::uint8_t*>(array.bytes.data()) + static_cast<std::size_t>(i) * wide;
    if (type->widen) {
      const float value = type->widen(static_cast<std::uint16_t>(element[0] | element[1] << 8));
      std::memcpy(to, &value, wide);
    } else {
      std::memcpy(to, element, wide);
    }
    for (std::size_t d = shape->size(); d-- > 0;) {
      from += (*strides)[d];
      if (++place[d] < (*shape)[d]) break;
      from -= place[d] * (*strides)[d];
      place[d] = 0;
    }
  }
  return array;
}

}  // namespace

// PyTorch itself writes the structure first, its C++ library last.
bool is_torch_file(const std::string& path) {
  const std::unique_ptr<archive, int (*)(archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_format_zip(in.get());
  if (archive_read_open_filename(in.get(), path.c_str(), 1 << 18) != ARCHIVE_OK) return false;
  for (archive_entry* entry = nullptr; archive_read_next_header(in.get(), &entry) == ARCHIVE_OK;) {
    const std::string_view name = archive_entry_pathname(entry) ? archive_entry_pathname(entry) : "";
    if (name.ends_with("/data.pkl")) return true;
    if (name.ends_with(".npy")) return false;
  }
  return false;
}

ParameterFile read_torch_file(const std::string& path) {
  Members members = members_of(path);
  std::unique_ptr<Pickle> pickle;
  try {
    pickle = std::make_unique<Pickle>(path, std::move(members.structure));
  } catch (const InputError&) {
    refuse(path, "holds Python objects in addition to tensors, or is damaged");
  }
  ParameterFile file;
  const PickleValue& all = tensors_in(pickle->root(), path);
  for (std::size_t i = 0; i + 1 < all.items.size(); i += 2) {
    const PickleValue &key = *all.items[i], &value = *all.items[i + 1];
    if (key.kind != Kind::text) continue;
    if (value.kind == Kind::tensor) {
      file.arrays.emplace_back(key.text, array_of(value, key.text, members, path));
    } else if (key.text == "metadata" && value.kind == Kind::dict) {
      for (std::size_t w = 0; w + 1 < value.items.size(); w += 2)
        file.metadata[value.items[w]->text] = value.items[w + 1]->text;
    }
  }
  if (file.arrays.empty()) refuse(path, "holds no dictionary of tensors");
  return file;
}

}  // namespace grapevine
