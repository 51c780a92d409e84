// The stage in words.
#include "ui/scope/figures/stage_words.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "ui/plot/axis.h"
#include "ui/plot/figure_words.h"
#include "ui/scope/figures/stage_gap.h"

namespace grapevine {
namespace {

std::string fixed(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, std::abs(value));
  std::string shown = text;
  const bool zero = shown.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? "−" + shown : shown;
}

std::string degrees(double angle) {
  return fixed(angle, 0) + "°";
}

/// A racer's needles from the best to the worst.
struct Span {
  const StageColumn* column = nullptr;
  double best = 0, worst = 0;
};

std::vector<Span> spans_of(const StageData& data) {
  std::vector<Span> spans;
  for (const StageColumn& column : data.columns) {
    if (column.route == FeedbackRoute::backward) continue;
    Span span{&column, 1e9, -1e9};
    for (const StageDial& dial : column.dials) {
      if (std::isnan(dial.angle)) continue;
      span.best = std::min(span.best, dial.angle);
      span.worst = std::max(span.worst, dial.angle);
    }
    if (span.worst >= 0) spans.push_back(span);
  }
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.worst < b.worst; });
  return spans;
}

bool is_within(const Span& span) {
  return span.worst <= 60;
}

/// `first` says from what a needle is off, or what it is near.
std::string clause_of(const Span& span, bool first) {
  const std::string& name = span.column->label;
  const std::string best = degrees(span.best), worst = degrees(span.worst);
  if (is_within(span))
    return first ? figure_words("%1 points within %2 of the gradient in every layer", name, worst)
                 : figure_words("%1 within %2", name, worst);
  if (span.best >= 60)
    return first ? figure_words("%1 is %2 or more off the gradient", name, best)
                 : figure_words("%1 is %2 off or more", name, best);
  return first ? figure_words("%1 is between %2 and %3 off the gradient", name, best, worst)
               : figure_words("%1 is between %2 and %3 off", name, best, worst);
}

/// Before anything has turned all are as far off: "DFA and GrAPE are 88° or more off the gradient."
std::string alike_line(const std::vector<Span>& spans) {
  const auto as_far = [&](const Span& span) {
    return !is_within(span) && span.best >= 60 && degrees(span.best) == degrees(spans.front().best);
  };
  if (spans.size() < 2 || !std::all_of(spans.begin(), spans.end(), as_far)) return "";
  std::string names = spans.front().column->label;
  for (std::size_t i = 1; i < spans.size(); ++i)
    names = i + 1 < spans.size() ? names + ", " + spans[i].column->label
                                 : figure_words("%1 and %2", names, spans[i].column->label);
  return figure_words("%1 are %2 or more off the gradient.", names, degrees(spans.front().best));
}

/// "Residual within 20° of the gradient, DFA at least 76° off": as short as it is said in full.
std::string compact_line(const std::vector<const Span*>& spans, bool brief) {
  std::string text;
  for (const Span* span : spans) {
    const std::string& name = span->column->label;
    const std::string best = degrees(span->best), worst = degrees(span->worst);
    const bool explained = brief || !text.empty();
    if (!text.empty()) text += ", ";
    if (is_within(*span))
      text += explained ? figure_words("%1 within %2", name, worst)
                        : figure_words("%1 within %2 of the gradient", name, worst);
    else if (span->best >= 60)
      text += explained ? figure_words("%1 at least %2 off", name, best)
                        : figure_words("%1 at least %2 off the gradient", name, best);
    else
      text += explained ? figure_words("%1 %2 to %3 off", name, best, worst)
                        : figure_words("%1 %2 to %3 off the gradient", name, best, worst);
  }
  return text + ".";
}

bool any_folded(const StageLayout& layout) {
  return std::any_of(layout.rows.begin(), layout.rows.end(), [](auto& row) { return row.folded(); });
}

}  // namespace

std::string stage_headline(const StageData& data, std::size_t most) {
  if (data.columns.empty()) return figure_words("No runs are shown.");
  const bool all_failed = std::all_of(data.columns.begin(), data.columns.end(),
                                      [](const StageColumn& column) { return column.failed; });
  if (data.step < 0 && all_failed) return figure_words("Failed before anything was measured.");
  if (data.step < 0)
    return figure_words("Nothing measured yet: where each layer's feedback points will appear here.");
  const std::vector<Span> spans = spans_of(data);
  if (spans.empty()) {
    const bool only_exact =
        std::all_of(data.columns.begin(), data.columns.end(),
                    [](const StageColumn& column) { return column.route == FeedbackRoute::backward; });
    return only_exact
               ? figure_words("Backpropagation's signal is the gradient itself: every needle is upright.")
               : figure_words("These rules send no signals: their updates are held against the gradient's.");
  }
  if (spans.size() <= most)
    if (std::string alike = alike_line(spans); !alike.empty()) return alike;
  std::string text;
  for (std::size_t i = 0; i < std::min(spans.size(), most); ++i) {
    if (i > 0) text += is_within(spans[i]) && is_within(spans[i - 1]) ? ", " : ". ";
    text += clause_of(spans[i], i == 0);
  }
  text += ".";
  // They are sorted by how far off they are.
  if (spans.size() > most + 1)
    text += " " + figure_words("%1 more are further off.", std::to_string(spans.size() - most));
  else if (spans.size() > most)
    text += " " + figure_words("One more is further off.");
  return text;
}

std::vector<std::vector<std::string>> stage_headlines(const StageData& data) {
  constexpr std::size_t most = 3;
  std::vector<std::vector<std::string>> all = {{stage_headline(data, most)}};
  const std::vector<Span> spans = data.step < 0 ? std::vector<Span>{} : spans_of(data);
  if (spans.empty()) return all;
  std::vector<const Span*> named;
  for (const Span& span : spans) named.push_back(&span);
  if (spans.size() <= most) all.back().push_back(compact_line(named, false));
  // Of several the ends say most: who finds the gradient, and who does not.
  if (spans.size() > 1) {
    named = {&spans.front(), &spans.back()};
    if (spans.size() > 2) all.push_back({compact_line(named, false)});
    all.push_back({compact_line(named, true)});
  }
  all.push_back({compact_line({&spans.front()}, false)});
  return all;
}

std::string stage_legend(const StageData& data, const StageLayout& layout) {
  if (data.step < 0) return "";
  bool quantiles = false, means = false, updates = false, exact = false, tones = false, bands = false;
  bool ghosts = false, toneless = false;
  for (const StageColumn& column : data.columns) {
    tones = tones || (!column.tone_name.empty() && column.route != FeedbackRoute::backward);
    for (const StageDial& dial : column.dials) {
      exact = exact || dial.reading == DialReading::exact;
      quantiles = quantiles || dial.reading == DialReading::median;
      means = means || dial.reading == DialReading::mean_cosine;
      updates = updates || dial.reading == DialReading::update;
      bands = bands || dial.chance > 0;
      ghosts = ghosts || !std::isnan(dial.ghost);
      const bool arrow = column.route == FeedbackRoute::direct || column.route == FeedbackRoute::transport;
      toneless = toneless || (arrow && std::isnan(dial.tone));
    }
  }
  std::vector<std::string> parts;
  if (quantiles)
    parts.push_back(
        figure_words("Needle: median angle between the rule's signal and BP's; fan: middle 80 % of samples"));
  else if (means)
    parts.push_back(figure_words("Needle: angle between the rule's signal and BP's (mean cosine)"));
  else if (exact)
    parts.push_back(figure_words("Needle: angle between the rule's signal and BP's"));
  if (bands && (quantiles || means)) parts.push_back(figure_words("grey: chance"));
  if (ghosts) parts.push_back(figure_words("dashed: before the exact step"));
  if (any_folded(layout)) parts.push_back(figure_words("a fold shows its worst layer, click to open it"));
  if (updates)
    parts.push_back(figure_words("no needle: no signals, the number is the update's cosine with BP's"));
  if (layout.strips)
    parts.push_back(figure_words("strips: cosine over time, full colour = along the gradient"));
  if (tones) parts.push_back(figure_words("pale arrow: misaligned feedback"));
  if (toneless) parts.push_back(figure_words("dashed arrow: its alignment is not measured"));
  if (tones && data.has_ratio) parts.push_back(figure_words("wide arrow: long signal"));
  if (tones && !data.has_ratio) parts.push_back(figure_words("widths: not measured"));
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text.empty() ? text : text + ".";
}

namespace {

/// How it ended: through, or stopped by somebody, and where.
std::string end_words(const StageData& data) {
  std::set<std::int64_t> stops;
  for (const StageColumn& column : data.columns)
    if (column.stopped && !column.failed) stops.insert(column.end_step);
  if (stops.empty()) return figure_words("Finished");
  if (stops.size() > 1) return figure_words("Stopped before the end");
  return figure_words("Stopped at step %1, before the end", counted(*stops.begin()));
}

}  // namespace

std::string stage_end(const StageData& data, const std::vector<StageRacer>& racers) {
  const StageColumn* best = nullptr;
  const StageColumn* second = nullptr;
  std::int64_t tests = 0;
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    const StageColumn& column = data.columns[i];
    if (!column.finished && !column.failed) return "";
    if (column.failed || !column.score.held_out || std::isnan(column.score.value)) continue;
    tests = racers[i].sketch->tests;
    const auto ahead = [](const StageColumn& a, const StageColumn& b) {
      return a.score.perplexity ? a.score.value < b.score.value : a.score.value > b.score.value;
    };
    if (!best || ahead(column, *best)) {
      second = best;
      best = &column;
    } else if (!second || ahead(column, *second)) {
      second = &column;
    }
  }
  const std::string end = end_words(data);
  // Of racers that all failed the columns say so.
  const bool none_ended = std::all_of(data.columns.begin(), data.columns.end(),
                                      [](const StageColumn& column) { return column.failed; });
  if (!best) return none_ended ? "" : end + ".";
  const std::string first = best->label + " " + score_words(best->score);
  if (!second) return figure_words("%1: %2.", end, first);
  const std::string next = second->label + " " + score_words(second->score);
  if (best->score.value == second->score.value)
    return figure_words("%1: %2 and %3 alike (one seed).", end, first, next);
  if (best->score.perplexity || tests <= 0)
    return figure_words("%1: %2, then %3 (one seed).", end, first, next);
  const bool differ = accuracies_differ(best->score.value, second->score.value, tests);
  return differ ? figure_words("%1: %2, then %3, more than chance on %4 test samples (one seed).", end, first,
                               next, counted(tests))
                : figure_words("%1: %2, then %3, within chance on %4 test samples (one seed).", end, first,
                               next, counted(tests));
}

std::string calibration_words(const StageColumn& column) {
  if (column.calibration_step < 0) return "";
  std::string text = figure_words("exact step at %1", counted(column.calibration_step));
  if (!column.calibration_cause.empty()) text += ": " + column.calibration_cause;
  return text;
}

std::string name_of(const DialPlace& place, bool short_form) {
  const std::string number = place.folded() ? std::to_string(place.first) + "–" + std::to_string(place.last)
                                            : std::to_string(place.first);
  return short_form       ? "L" + number
         : place.folded() ? figure_words("Layers %1", number)
                          : figure_words("Layer %1", number);
}

std::string without_last_part(const std::string& manner) {
  const std::size_t comma = manner.rfind(", ");
  return comma == std::string::npos ? "" : manner.substr(0, comma);
}

std::string reading_of(const StageDial& dial) {
  switch (dial.reading) {
    case DialReading::exact:
    case DialReading::median:
    case DialReading::mean_cosine:
      return std::isnan(dial.angle) ? "–" : degrees(dial.angle);
    case DialReading::update:
      return std::isnan(dial.update) ? "–" : fixed(dial.update, 2);
    case DialReading::none:
      break;
  }
  return "–";
}

std::string dial_sentence(const StageColumn& column, const StageDial& dial) {
  std::string text = figure_words("%1, layer %2", column.label, std::to_string(dial.point));
  if (!dial.layers.empty()) text += " (" + dial.layers + ")";
  text += ": ";
  switch (dial.reading) {
    case DialReading::exact:
      return text + figure_words("the signal is the gradient itself, 0° by definition.");
    case DialReading::none:
      return text + figure_words("not measured.");
    case DialReading::update: {
      const bool own = column.route == FeedbackRoute::local;
      text += figure_words("no signal is sent; the update's cosine with backpropagation's is %1",
                           reading_of(dial));
      if (dial.averaged > 1)
        text += figure_words(", the mean of %1 measurements", std::to_string(dial.averaged));
      return text + (own ? figure_words("; the rule has another objective.") : ".");
    }
    case DialReading::median:
    case DialReading::mean_cosine:
      break;
  }
  if (std::isnan(dial.angle)) return text + figure_words("no signal to measure.");
  text += figure_words("the signal points %1 away from the gradient", degrees(dial.angle));
  if (!std::isnan(dial.low))
    text += " " + figure_words("(middle 80 % of samples: %1 to %2)", degrees(dial.low), degrees(dial.high));
  if (!std::isnan(dial.chance))
    text += std::abs(dial.angle - 90) <= dial.chance ? figure_words("; within chance")
                                                     : figure_words("; outside chance");
  return text + ".";
}

std::vector<ValueRow> dial_rows(const StageDial& dial, const std::vector<StageNumber>& numbers) {
  std::vector<ValueRow> rows;
  const auto add = [&](std::string name, std::string value) {
    rows.push_back({std::move(name), std::move(value), 0, Dash::solid, false});
  };
  if (!dial.layers.empty())
    add(dial.layers, dial.features > 0 ? figure_words("%1 features", counted(dial.features)) : "");
  if (dial.reading == DialReading::exact) add(figure_words("the gradient itself"), "0°");
  if (!std::isnan(dial.chance) && dial.reading != DialReading::exact)
    add(figure_words("angles of random signals"),
        "90° ± " + fixed(dial.chance, dial.chance < 10 ? 1 : 0) + "°");
  for (const StageNumber& number : numbers) {
    const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(number.measure)];
    // Backpropagation's own angle is the noise of its arithmetic.
    if (dial.reading == DialReading::exact &&
        (measure.quantity == Quantity::degrees || measure.quantity == Quantity::cosine))
      continue;
    // Cosines line up: 0.600 next to 0.583.
    std::string value = std::isnan(number.value)               ? "–"
                        : measure.quantity == Quantity::cosine ? fixed(number.value, 3)
                                                               : format_number(number.value, 3);
    if (measure.quantity == Quantity::degrees) value += "°";
    if (!std::isnan(number.error)) value += " ± " + format_number(number.error, 2);
    add(measure.name, value);
  }
  if (!std::isnan(dial.ghost)) add(figure_words("before the exact step"), degrees(dial.ghost));
  return rows;
}

std::string cosine_words(double cosine) {
  return std::isnan(cosine) ? "–" : fixed(cosine, 2);
}

std::string score_words(const StageScore& score) {
  if (std::isnan(score.value)) return "–";
  return score.perplexity ? format_number(score.value, 4) : fixed(100 * score.value, 1) + " %";
}

std::string short_source(const StageScore& score) {
  // "test accuracy" is "test"; of nothing measured the dash says as much.
  return std::isnan(score.value) ? "" : score.words.substr(0, score.words.find(' '));
}

std::string score_source(const StageScore& score, std::int64_t probe_step, bool in_short) {
  std::string text = in_short ? short_source(score) : score.words;
  if (score.step >= 0 && probe_step >= 0 && score.step != probe_step) text += ", step " + counted(score.step);
  return text;
}

std::string counted(std::int64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

}  // namespace grapevine
