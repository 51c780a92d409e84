// What a file may say of a layer: types and their fields. A type's header is nn/layers/<type>.h, plain C++.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/experiment/layer_spec.h"

namespace grapevine {

/// What a layer's field takes.
enum class FieldKind {
  count,     ///< a whole number of at least 1
  padding,   ///< a whole number of at least 0
  flag,      ///< true or false
  share,     ///< at least 0 and below 1
  positive,  ///< a number above 0
  layers,    ///< a list of layers
};

/// "a whole number from 1 to 16777216".
std::string allowed(FieldKind kind);

using CountMember = std::int64_t LayerSpec::*;
using FlagMember = bool LayerSpec::*;
using RealMember = double LayerSpec::*;
using LayersMember = std::vector<LayerSpec> LayerSpec::*;

/// A field by its name in a file, and the member that keeps it: there is no field without one, and none of
/// another type than its kind takes.
class LayerField {
 public:
  static LayerField count(const char* name, CountMember at) { return {name, FieldKind::count, at}; }
  static LayerField padding(const char* name, CountMember at) { return {name, FieldKind::padding, at}; }
  static LayerField flag(const char* name, FlagMember at) { return {name, FieldKind::flag, at}; }
  static LayerField share(const char* name, RealMember at) { return {name, FieldKind::share, at}; }
  static LayerField positive(const char* name, RealMember at) { return {name, FieldKind::positive, at}; }
  static LayerField layers(const char* name, LayersMember at) { return {name, FieldKind::layers, at}; }

  LayerField must_be_given() const {
    LayerField field = *this;
    field.needed = true;
    return field;
  }

  const char* name;
  FieldKind kind;
  std::variant<CountMember, FlagMember, RealMember, LayersMember> at;
  bool needed = false;

 private:
  template <class Member>
  LayerField(const char* its_name, FieldKind takes, Member member)
      : name(its_name), kind(takes), at(member) {}
};

struct LayerType {
  LayerKind kind;
  const char* help;
  std::vector<LayerField> fields = {};  ///< in the order in which they are written
  bool stride_is_kernel = false;        ///< where a stride is left out: windows side by side
  bool is_activation = false;           ///< may be the hidden layers' function: model.activation

  const char* name() const { return layer_name(kind); }
};

/// The layers that a file may list.
const std::vector<LayerType>& layer_types();
const LayerType& layer_type(LayerKind kind);

}  // namespace grapevine
