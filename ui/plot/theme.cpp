// The themes and colour maps.
#include "ui/plot/theme.h"

#include <array>
#include <cmath>
#include <span>

#include "engine/runs/colours.h"

namespace grapevine {
namespace {

double linear_light(int channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Colour c) {
  return 0.2126 * linear_light(red_of(c)) + 0.7152 * linear_light(green_of(c)) +
         0.0722 * linear_light(blue_of(c));
}

Colour from_table(std::span<const std::uint32_t> table, double place) {
  const double at = std::clamp(place, 0.0, 1.0) * static_cast<double>(table.size() - 1);
  const auto index = std::min(static_cast<std::size_t>(at), table.size() - 2);
  return mixed(opaque(table[index]), opaque(table[index + 1]), at - static_cast<double>(index));
}

constexpr std::array<std::uint32_t, 7> kCosineLight = {0x8C3B00, 0xD9741A, 0xF6C48F, 0xF4F4F2,
                                                       0xA6CDE8, 0x3B8BC4, 0x08457E};
constexpr std::array<std::uint32_t, 7> kCosineDark = {0xFFB36B, 0xD2792A, 0x77491F, 0x23272D,
                                                      0x24527A, 0x3590D0, 0x8FD3FF};
constexpr std::array<std::uint32_t, 5> kSequentialLight = {0xF4F4F2, 0xB9DCD0, 0x6DB9A0, 0x24876C, 0x00473A};
constexpr std::array<std::uint32_t, 5> kSequentialDark = {0x23272D, 0x1C5C50, 0x2B9279, 0x6CC9AC, 0xC9F2DF};

}  // namespace

const Theme& light_theme() {
  static const Theme theme = {.dark = false,
                              .window = 0xfff2f2ee,
                              .plot = 0xfffcfcfa,
                              .grid = 0xffd5d6d1,
                              .border = 0xffc3c6c4,
                              .zero_line = 0xff8a9199,
                              .text = 0xff1b1f24,
                              .muted = 0xff5a626b,
                              .control = 0xffe6e7e3,
                              .control_hover = 0xffdadbd6,
                              .accent = 0xff0c62b8,
                              .on_accent = 0xffffffff,
                              .popup = 0xffffffff,
                              .popup_border = 0xffc3c6c4,
                              .crosshair = 0xff6b7580,
                              .warning = 0xffb26a00,
                              .failure = 0xffc0281c,
                              .box = 0xffffffff,
                              .dial = 0xfff1f1ed,
                              .tick = 0xff8a9199};
  return theme;
}

const Theme& dark_theme() {
  static const Theme theme = {.dark = true,
                              .window = 0xff1c2025,
                              .plot = 0xff14171b,
                              .grid = 0xff343a41,
                              .border = 0xff4a525a,
                              .zero_line = 0xff7c848c,
                              .text = 0xffeceae4,
                              .muted = 0xffa9b0b7,
                              .control = 0xff2a2f37,
                              .control_hover = 0xff39404a,
                              .accent = 0xff63aef6,
                              .on_accent = 0xff0d1116,
                              .popup = 0xff262b33,
                              .popup_border = 0xff4a525a,
                              .crosshair = 0xff9aa4b0,
                              .warning = 0xfff0b040,
                              .failure = 0xffff7b6b,
                              .box = 0xff1a1e23,
                              .dial = 0xff1f242a,
                              .tick = 0xff7c848c};
  return theme;
}

Colour mixed(Colour under, Colour over, double share) {
  const auto channel = [share](int a, int b) {
    return static_cast<Colour>(std::lround(a + (b - a) * share));
  };
  return 0xff000000u | channel(red_of(under), red_of(over)) << 16 |
         channel(green_of(under), green_of(over)) << 8 | channel(blue_of(under), blue_of(over));
}

double contrast(Colour a, Colour b) {
  const double x = luminance(a) + 0.05;
  const double y = luminance(b) + 0.05;
  return x > y ? x / y : y / x;
}

Colour rule_colour(std::string_view family, int shade, const Theme& theme) {
  Colour hue = theme.text;
  if (const auto known = rule_hue(family)) hue = opaque(theme.dark ? known->dark : known->light);
  constexpr std::array<double, kShades> shares = {1, 0.62, 0.42};
  const int place = shade % kShades;
  // Towards the ground, never so far that it can't be told from it.
  return place == 0 ? hue : legible(mixed(theme.plot, hue, shares[static_cast<std::size_t>(place)]), theme);
}

Colour tint_of_depth(Colour hue, double depth, const Theme& theme) {
  return mixed(theme.plot, hue, 0.42 + 0.58 * std::clamp(depth, 0.0, 1.0));
}

Colour legible(Colour colour, const Theme& theme) {
  const Colour towards = theme.dark ? 0xffffffff : 0xff000000;
  Colour result = colour | 0xff000000u;
  for (double share = 0.05; contrast(result, theme.plot) < 3 && share < 1; share += 0.05) {
    result = mixed(colour, towards, share);
  }
  return result;
}

Colour cosine_colour(double value, const Theme& theme) {
  return from_table(theme.dark ? kCosineDark : kCosineLight, (value + 1) / 2);
}

Colour sequential_colour(double share, const Theme& theme) {
  return from_table(theme.dark ? kSequentialDark : kSequentialLight, share);
}

}  // namespace grapevine
