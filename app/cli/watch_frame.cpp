// A frame of text.
#include "app/cli/watch_frame.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"

namespace grapevine::cli {
namespace {

constexpr const char* alignment = measure_keys::cos_b_j;
constexpr int label_width = 22;
constexpr const char* blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr const char* marks[] = {".", ":", "-", "=", "+", "*", "#", "%"};

/// The mean of the values that fall into each column; NaN where none does. Columns are equal stretches of
/// steps.
std::vector<double> squeezed(const Series& series, int columns) {
  std::vector<double> sums(static_cast<std::size_t>(columns), 0), counts(sums.size(), 0);
  if (series.size() == 0) return std::vector<double>(sums.size(), std::nan(""));
  const double first = static_cast<double>(series.step.front());
  const double span = std::max(1.0, static_cast<double>(series.step.back()) - first);
  // Few points are side by side instead of far apart.
  const bool few = series.size() <= sums.size();
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!std::isfinite(series.value[i])) continue;
    const double along = (static_cast<double>(series.step[i]) - first) / span;
    const std::size_t column =
        few ? i : std::min(sums.size() - 1, static_cast<std::size_t>(along * static_cast<double>(columns)));
    sums[column] += series.value[i];
    counts[column] += 1;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = counts[i] > 0 ? sums[i] / counts[i] : std::nan("");
  return sums;
}

std::string padded(const std::string& text, int width) {
  const std::string cut = clipped(text, width);
  return cut + std::string(static_cast<std::size_t>(std::max(0, width - display_width(cut))), ' ');
}

std::string cell(double cosine, bool colour) {
  if (std::isnan(cosine)) return " ";
  if (!colour) return cosine < 0 ? "-" : std::to_string(std::min(9, static_cast<int>(cosine * 10)));
  const unsigned rgb = cosine_colour(cosine);
  char text[64];
  std::snprintf(text, sizeof text, "\x1b[48;2;%u;%u;%um \x1b[0m", rgb >> 16, (rgb >> 8) & 255, rgb & 255);
  return text;
}

std::string head(const RunData& run) {
  const RuleDescriptor* rule = find_rule(run.rule);  // curves of another program have none
  std::string line = "Run " + std::to_string(run.id) + "  " + clean(run.name) + "  " +
                     (rule ? rule->name + "  " : "") + clean(run.status.text()) + "  step " +
                     with_thousands(run.step) + "  epoch " + fixed(run.epoch, 2) + "  " +
                     duration(run.seconds);
  return line;
}

/// Large losses are written short: a run that diverges has them.
std::string loss_text(double loss) {
  constexpr double large = 1e5;
  return std::abs(loss) < large ? fixed(loss, 4) : short_number(loss);
}

void add_curve(const RunData& run, const MeasureDescriptor& measure, const FrameStyle& style,
               std::vector<std::string>& lines) {
  const Series* series = run.find(measure.key.c_str());
  if (!series || series->size() == 0) return;
  const double last = series->value.back();
  const std::string value = measure.is_score ? score_text(measure, last, 1) : loss_text(last);
  const int columns = std::max(1, style.width - label_width - 10);
  lines.push_back(padded("  " + measure.name, label_width) + padded(value, 10) +
                  sparkline(*series, columns, style.unicode));
}

void add_alignment(const RunData& run, const FrameStyle& style, std::vector<std::string>& lines) {
  const int measure = measure_index(alignment);
  const int columns = std::max(1, style.width - label_width - 10);
  for (int point = 1; point <= run.points_of(measure); ++point) {
    const Series* series = run.find(measure, point);
    if (!series || series->size() == 0) continue;
    const std::string name =
        "  " + measures()[static_cast<std::size_t>(measure)].name + " " + std::to_string(point);
    std::string line = padded(name, label_width) + padded(fixed(series->value.back(), 3), 10);
    for (const double cosine : squeezed(*series, columns)) line += cell(cosine, style.colour);
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
}

}  // namespace

std::vector<std::string> watched_measures() {
  std::vector<std::string> keys{key_in(Phase::train, family::loss), alignment};
  for (const Phase phase : {Phase::validation, Phase::test})
    for (const MeasureDescriptor* score : scores(phase)) keys.push_back(score->key);
  return keys;
}

std::string sparkline(const Series& series, int columns, bool unicode) {
  const std::vector<double> values = squeezed(series, columns);
  double low = INFINITY, high = -INFINITY;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string line;
  for (const double value : values) {
    const double height = high > low ? (value - low) / (high - low) : 0.5;
    const auto level = static_cast<std::size_t>(std::clamp(height, 0.0, 1.0) * 7.999);
    line += std::isnan(value) ? " " : unicode ? blocks[level] : marks[level];
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

unsigned cosine_colour(double cosine) {
  const double share = std::clamp(std::abs(cosine), 0.0, 1.0);
  const double grey[] = {128, 128, 128}, blue[] = {0, 114, 178}, red[] = {213, 94, 0};
  unsigned rgb = 0;
  for (int i = 0; i < 3; ++i) {
    const double end = cosine < 0 ? red[i] : blue[i];
    rgb = rgb << 8 | static_cast<unsigned>(std::lround(grey[i] + share * (end - grey[i])));
  }
  return rgb;
}

std::vector<std::string> watch_frame(const std::vector<RunData>& runs, const FrameStyle& style) {
  std::vector<std::string> lines;
  bool told = false;  // cosines, which without colors are digits
  for (const RunData& run : runs) {
    if (!lines.empty()) lines.emplace_back();
    lines.push_back(clipped(head(run), style.width));
    if (!run.failure.empty()) lines.push_back(clipped("  " + clean(run.failure), style.width));
    add_curve(run, *find_measure(key_in(Phase::train, family::loss)), style, lines);
    for (const Phase phase : {Phase::validation, Phase::test})
      for (const MeasureDescriptor* score : scores(phase)) add_curve(run, *score, style, lines);
    const std::size_t before = lines.size();
    add_alignment(run, style, lines);
    told = told || lines.size() > before;
  }
  if (told && !style.colour)
    lines.push_back(
        clipped("  A digit is a cosine's first decimal, 9 from 0.9 to 1; - is below 0.", style.width));
  return lines;
}

}  // namespace grapevine::cli
