// The rules' hues as colour-blind eyes see them: no two of eight look alike, and each stands out.
#include <QtTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "ui/plot/theme.h"

namespace grapevine {
namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

/// Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
constexpr std::array<std::pair<const char*, Matrix>, 4> kSights = {{
    {"normal", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"protan",
     {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
    {"deutan",
     {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
    {"tritan",
     {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}},
}};

double linear_light(int channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Triple seen(Colour colour, const Matrix& sight) {
  const Triple light = {linear_light(red_of(colour)), linear_light(green_of(colour)),
                        linear_light(blue_of(colour))};
  Triple result;
  for (std::size_t i = 0; i < 3; ++i)
    result[i] =
        std::clamp(sight[i][0] * light[0] + sight[i][1] * light[1] + sight[i][2] * light[2], 0.0, 1.0);
  return result;
}

/// CIELAB of linear sRGB, white D65.
Triple lab_of(const Triple& rgb) {
  const double x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
  const double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
  const double z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;
  const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

double hue_angle(double a, double b) {
  if (a == 0 && b == 0) return 0;
  const double degrees = std::atan2(b, a) * 180 / std::numbers::pi;
  return degrees < 0 ? degrees + 360 : degrees;
}

double cosine(double degrees) {
  return std::cos(degrees * std::numbers::pi / 180);
}

double sine(double degrees) {
  return std::sin(degrees * std::numbers::pi / 180);
}

/// CIEDE2000 as Sharma, Wu and Dalal write it (2005).
double difference(Triple one, Triple two) {
  const double mean_chroma = (std::hypot(one[1], one[2]) + std::hypot(two[1], two[2])) / 2;
  const auto share = [](double chroma) {
    return std::sqrt(std::pow(chroma, 7) / (std::pow(chroma, 7) + std::pow(25.0, 7)));
  };
  const double g = 0.5 * (1 - share(mean_chroma));
  one[1] *= 1 + g;
  two[1] *= 1 + g;
  const double c1 = std::hypot(one[1], one[2]), c2 = std::hypot(two[1], two[2]);
  const double h1 = hue_angle(one[1], one[2]), h2 = hue_angle(two[1], two[2]);
  double turn = h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  double mean_hue = h1 + h2;
  if (c1 * c2 == 0) {
    turn = 0;
  } else if (std::abs(h1 - h2) <= 180) {
    mean_hue /= 2;
  } else {
    mean_hue = mean_hue < 360 ? (mean_hue + 360) / 2 : (mean_hue - 360) / 2;
  }
  const double dl = two[0] - one[0], dc = c2 - c1, dh = 2 * std::sqrt(c1 * c2) * sine(turn / 2);
  const double l = (one[0] + two[0]) / 2, c = (c1 + c2) / 2;
  const double t = 1 - 0.17 * cosine(mean_hue - 30) + 0.24 * cosine(2 * mean_hue) +
                   0.32 * cosine(3 * mean_hue + 6) - 0.2 * cosine(4 * mean_hue - 63);
  const double sl = 1 + 0.015 * (l - 50) * (l - 50) / std::sqrt(20 + (l - 50) * (l - 50));
  const double sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
  const double off = (mean_hue - 275) / 25;
  const double rt = -2 * share(c) * sine(60 * std::exp(-off * off));
  return std::sqrt(dl / sl * (dl / sl) + dc / sc * (dc / sc) + dh / sh * (dh / sh) + rt * dc / sc * dh / sh);
}

/// The rules that have a hue of their own.
std::vector<std::string> families() {
  std::vector<std::string> found;
  for (const RuleDescriptor& rule : rules())
    if (rule.look.hue) found.push_back(rule.key);
  return found;
}
const std::vector<std::string> kFamilies = families();

}  // namespace

class TestColours : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Pairs 1, 17 and 34 of the table that Sharma, Wu and Dalal published for checking implementations.
  void the_difference_is_the_published_one() {
    QVERIFY(std::abs(difference({50, 2.6772, -79.7751}, {50, 0, -82.7485}) - 2.0425) < 1e-4);
    QVERIFY(std::abs(difference({50, 2.5, 0}, {73, 25, -18}) - 27.1492) < 1e-4);
    QVERIFY(std::abs(difference({2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}) - 0.9082) < 1e-4);
  }

  void no_two_hues_look_alike_to_any_eyes() {
    for (const Theme* theme : {&light_theme(), &dark_theme()})
      for (const auto& [sight, matrix] : kSights)
        for (std::size_t i = 0; i < kFamilies.size(); ++i)
          for (std::size_t j = 0; j < i; ++j) {
            const double apart = difference(lab_of(seen(rule_colour(kFamilies[i], 0, *theme), matrix)),
                                            lab_of(seen(rule_colour(kFamilies[j], 0, *theme), matrix)));
            QVERIFY2(apart >= 15, qPrintable(QStringLiteral("%1 and %2, %3, %4: %5")
                                                 .arg(QString::fromStdString(kFamilies[i]),
                                                      QString::fromStdString(kFamilies[j]),
                                                      theme->dark ? "dark" : "light", QLatin1String(sight))
                                                 .arg(apart)));
          }
  }

  /// Twelve runs of one rule differ by shade or dash; marks need a contrast of 3 on their ground.
  void shades_of_one_hue_stand_out_and_differ() {
    for (const Theme* theme : {&light_theme(), &dark_theme()})
      for (const std::string& family : kFamilies) {
        std::set<std::pair<Colour, int>> looks;
        for (int bearer = 0; bearer < kLooks; ++bearer) {
          const Colour colour = rule_colour(family, bearer, *theme);
          QVERIFY2(contrast(colour, theme->plot) >= 2.99, family.c_str());
          looks.insert({colour, bearer % 4});
        }
        QCOMPARE(looks.size(), static_cast<std::size_t>(kLooks));
      }
  }

  void words_can_be_read() {
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
      for (const Colour ground : {theme->plot, theme->window, theme->box, theme->popup | 0xff000000u})
        for (const Colour ink : {theme->text, theme->muted}) QVERIFY(contrast(ink, ground) >= 4.5);
      QVERIFY(contrast(theme->text, theme->control) >= 4.5);
      QVERIFY(contrast(theme->text, theme->control_hover) >= 4.5);
      QVERIFY(contrast(theme->on_accent, theme->accent) >= 4.5);
      // What is not text: marks, the crosshair, warnings.
      for (const Colour mark : {theme->tick, theme->crosshair, theme->warning, theme->failure})
        QVERIFY(contrast(mark, theme->plot) >= 3);
    }
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestColours)
#include "test_colours.moc"
