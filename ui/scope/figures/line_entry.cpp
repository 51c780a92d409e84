// Figures of lines over time.
#include "ui/scope/figures/line_entry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "ui/plot/figure_words.h"
#include "ui/plot/names.h"
#include "ui/scope/figures/common_extent.h"

namespace grapevine {
namespace {

const MeasureDescriptor* first_measure(const FigureState& state) {
  return state.measures.empty() ? nullptr : &measures()[static_cast<std::size_t>(state.measures.front())];
}

/// More visible runs than this would cover each other with their unsmoothed values and dots: lines alone
/// then.
constexpr std::ptrdiff_t kMostRunsInFull = 20;

bool shown_in_full(const ScopeModel& model) {
  return std::count_if(model.racers().begin(), model.racers().end(),
                       [](const Racer& racer) { return racer.visible; }) <= kMostRunsInFull;
}

LineRequest request_of(const ScopeModel& model, const LineSource& source) {
  return model.request(model.racers()[static_cast<std::size_t>(source.racer)], *source.series,
                       source.smoothing);
}

/// An edge of a group's band, smoothed as its mean is.
LineRequest edge_of(const ScopeModel& model, const LineSource& source, const Series& edge) {
  return model.request(model.racers()[static_cast<std::size_t>(source.racer)], edge, source.smoothing);
}

/// Of a group: its edges; at most two points a pixel, its last one among them.
std::vector<BandPoint> band_of_group(const ScopeModel& model, ScopeLook& look, const LineSource& source,
                                     int pixels) {
  std::vector<BandPoint> band;
  SeriesCache& cache = look.cache(model);
  const LineRequest low = edge_of(model, source, source.group->low),
                    high = edge_of(model, source, source.group->high);
  const std::span<const double> lows = cache.values(low), highs = cache.values(high);
  const std::size_t stride = std::max<std::size_t>(1, lows.size() / static_cast<std::size_t>(2 * pixels));
  const auto add = [&](std::size_t i) {
    const auto [least, largest] = std::minmax({source.sign * lows[i], source.sign * highs[i]});
    band.push_back({low.view.x(i), least, largest});
  };
  for (std::size_t i = 0; i < lows.size(); i += stride) add(i);
  if (!lows.empty() && (lows.size() - 1) % stride != 0) add(lows.size() - 1);
  return band;
}

/// Of an estimate: its standard error to either side of the line as it is drawn, where there is one.
std::vector<BandPoint> band_of_error(const ScopeModel& model, ScopeLook& look, const LineSource& source) {
  std::vector<BandPoint> band;
  const LineRequest line = request_of(model, source);
  const std::span<const double> values = look.cache(model).values(line);
  const Series& error = *source.error;
  std::size_t at = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    while (at < error.size() && error.step[at] < source.series->step[i]) ++at;
    if (at == error.size()) break;
    if (error.step[at] != source.series->step[i]) continue;
    const double value = source.sign * values[i], reach = error.value[at];
    if (std::isfinite(value) && std::isfinite(reach))
      band.push_back({line.view.x(i), value - reach, value + reach});
  }
  return band;
}

std::vector<BandPoint> band_of(const ScopeModel& model, ScopeLook& look, const LineSource& source,
                               int pixels) {
  if (source.group) return band_of_group(model, look, source, pixels);
  return source.error ? band_of_error(model, look, source) : std::vector<BandPoint>{};
}

/// What the bands are, in words; "" where there are none.
std::string words_of_bands(const ScopeModel& model, const std::vector<LineSource>& sources) {
  for (const LineSource& source : sources) {
    if (source.error) return figure_words("Band: ± standard error");
    if (!source.group) continue;
    switch (model.racers()[static_cast<std::size_t>(source.racer)].mean->band) {
      case Band::deviation:
        return figure_words("Band: mean ± standard deviation");
      case Band::error:
        return figure_words("Band: mean ± standard error");
      case Band::range:
        return figure_words("Band: least to largest");
    }
  }
  return "";
}

/// How many runs the mean is of where the crosshair is, and how far they spread; of an estimate its error.
std::string note_of(const LineSource& source, const LineRequest& request, std::optional<double> time,
                    const Axis& height) {
  if (!time || request.view.empty()) return "";
  const std::size_t at = request.view.nearest(*time);
  if (source.error) {
    const auto& steps = source.error->step;
    const auto found = std::lower_bound(steps.begin(), steps.end(), source.series->step[at]);
    if (found == steps.end() || *found != source.series->step[at]) return "";
    const double reach = source.error->value[static_cast<std::size_t>(found - steps.begin())];
    if (height.unit != Unit::angle) return "± " + height.format(reach);
    const double value = source.sign * request.view.y(at);  // no angle says an error: from where to where
    return height.format(std::min(value + reach, 1.0)) + " … " + height.format(std::max(value - reach, -1.0));
  }
  const MeanCurve& curve = *source.group;
  const std::string note = "N " + std::to_string(curve.count[at]);
  if (curve.count[at] < 2) return note;
  const auto [least, largest] =
      std::minmax({source.sign * curve.low.value[at], source.sign * curve.high.value[at]});
  return note + ", " + height.format(least) + " … " + height.format(largest);
}

/// Of values that are shown turned round.
Extent signed_extent(Extent extent, double sign) {
  if (sign > 0 || extent.empty()) return extent;
  const double lowest = -extent.highest;
  extent.highest = -extent.lowest;
  extent.lowest = lowest;
  extent.sum = -extent.sum;
  // The least positive one is not known; above 0 all of them are.
  extent.lowest_positive =
      lowest > 0 ? lowest
                 : (extent.highest > 0 ? extent.highest * 1e-3 : std::numeric_limits<double>::infinity());
  return extent;
}

/// Of what of a band is in view.
Extent extent_of(const std::vector<BandPoint>& band, const Axis& range) {
  Extent extent;
  for (const BandPoint& point : band) {
    if (point.x < range.lo || point.x > range.hi) continue;
    extent.add(point.low);
    extent.add(point.high);
  }
  return extent;
}

Axis fitted_height(const ScopeModel& model, ScopeLook& look, int figure,
                   const std::vector<LineSource>& sources) {
  const FigureState& state = state_of(model, figure);
  const MeasureDescriptor* measure = first_measure(state);
  Axis axis;
  axis.unit = measure && measure->quantity == Quantity::share ? Unit::share : Unit::number;
  if (measure && measure->quantity == Quantity::cosine && model.degrees) axis.unit = Unit::angle;
  const Scale scale = state.log ? Scale::log : Scale::linear;
  if (state.y_fixed && (scale != Scale::log || state.y_lo > 0)) {
    return {state.y_lo, state.y_hi, scale, axis.unit, axis.linear_until};
  }
  const Axis range = model.time(figure);
  SeriesCache& cache = look.cache(model);
  std::vector<LineExtent> lines;
  for (const LineSource& source : sources) {
    const LineRequest shown = request_of(model, source);
    LineExtent& line = lines.emplace_back();
    line.first =
        shown.view.empty() ? std::numeric_limits<double>::quiet_NaN() : source.sign * shown.view.y(0);
    line.extent.add(signed_extent(cache.extent(shown, range.lo, range.hi), source.sign));
    if (source.group)
      for (const Series* edge : {&source.group->low, &source.group->high})
        line.extent.add(
            signed_extent(cache.extent(edge_of(model, source, *edge), range.lo, range.hi), source.sign));
    if (source.error) line.extent.add(extent_of(band_of_error(model, look, source), range));
    if (shown.smoothing <= 0) continue;
    // The raw line behind stays in the frame, but for the few values that would flatten all the others.
    LineRequest raw = shown;
    raw.smoothing = 0;
    line.extent.add(signed_extent(cache.usual_extent(raw, range.lo, range.hi), source.sign));
  }
  const Extent extent = common_extent(lines, scale == Scale::log ? 1e6 : 20);
  if (measure && measure->quantity == Quantity::cosine && scale == Scale::linear) {
    // As far down as there is something; panels of one measure share it, for what they are compared by.
    axis.lo = extent.empty() ? -0.1 : std::clamp(std::floor(extent.lowest * 10) / 10, -1.0, -0.1);
    axis.hi = 1.03;
    return axis;
  }
  return fitted_axis(scale == Scale::log ? extent.lowest_positive : extent.lowest, extent.highest, scale,
                     axis.unit);
}

/// What lines have that logarithmic axes have no place for, in words; empty = nothing.
std::string left_out(const ScopeModel& model, ScopeLook& look, const std::vector<LineSource>& sources,
                     const LineFigure& figure) {
  bool times = false, values = false;
  for (const LineSource& source : sources) {
    const LineRequest shown = request_of(model, source);
    if (shown.view.empty()) continue;
    times = times || (figure.x.scale == Scale::log && !(shown.view.x(0) > 0));
    values = values || (figure.y.scale == Scale::log &&
                        look.cache(model).extent(shown, figure.x.lo, figure.x.hi).lowest <= 0);
  }
  std::string words;
  if (times)
    words = figure_words("%1 0 has no place on a logarithmic axis", std::string(title_of(model.time_axis())));
  if (values)
    words += std::string(words.empty() ? "" : "; ") + figure_words("values of 0 and below are left out");
  return words;
}

/// The line under the pointer is drawn strong.
void name_nearest(LineFigure& figure) {
  if (!figure.pointer_inside) return;
  const int nearest = figure.nearest_line(figure.pointer, 24);
  if (nearest >= 0) figure.lines[static_cast<std::size_t>(nearest)].strong = true;
}

}  // namespace

void add_members(const ScopeModel& model, const ScopeLook& look, int measure, LineSource& mean,
                 std::vector<LineSource>& found) {
  const Racer& racer = model.racers()[static_cast<std::size_t>(mean.racer)];
  if (!racer.mean) return;
  const double share = racer.mean->members.size() > 10 ? 0.22 : 0.38;
  for (const RunView& member : racer.mean->members) {
    LineSource source;
    source.series = member->find(measure, mean.point);
    if (!source.series || source.series->size() == 0) continue;
    source.racer = mean.racer;
    source.stroke = {mixed(look.theme().plot, mean.stroke.colour, share), 0.9, Dash::solid};
    source.smoothing = mean.smoothing;
    source.point = mean.point;
    source.sign = mean.sign;
    source.named = false;
    source.is_member = true;
    found.push_back(source);
  }
  const auto curve = racer.mean->curves.find({measure, mean.point});
  if (curve != racer.mean->curves.end()) mean.group = &curve->second;
}

void add_error(const RunData& run, int measure, LineSource& line) {
  const std::string& key = measures()[static_cast<std::size_t>(measure)].error;
  if (key.empty() || line.group) return;
  const Series* error = run.find(measure_index(key), line.point);
  if (error && error->size() > 0) line.error = error;
}

double room_for_racers(const ScopeModel& model) {
  constexpr double letter = 6, value = 66, most = 150;
  qsizetype longest = 0;
  for (const Racer& racer : model.racers())
    longest = std::max(longest, QString::fromStdString(without_keys(racer.label)).size());
  return std::min(most, value + letter * static_cast<double>(longest));
}

void shape_lines(const ScopeLook& look, const FigurePlace& place, double names, bool has_switch,
                 Figure& figure) {
  if (names > 0 && place.area.width >= 220)
    figure.right_margin = std::max(LineFigure::kEndLabels, std::min(names, 0.46 * place.area.width));
  if (has_switch && !look.for_file) figure.controls.resize(1);
}

FigureSwitch LineEntry::switch_of(const FigureState& state) const {
  const MeasureDescriptor* measure = first_measure(state);
  if (!measure) return switch_without_measure();
  if (measure->quantity == Quantity::cosine) return FigureSwitch::degrees;
  return measure->quantity == Quantity::share ? FigureSwitch::none : FigureSwitch::log;
}

void LineEntry::shape(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place,
                      Figure& figure) const {
  FigureEntry::shape(model, look, place, figure);
  const bool switches =
      has_switch(model, place) && switch_of(state_of(model, place.figure)) != FigureSwitch::none;
  shape_lines(look, place, names_room(model, place), switches, figure);
}

Axis LineEntry::height(const ScopeModel& model, ScopeLook& look, int figure) const {
  return fitted_height(model, look, figure, sources(model, look, state_of(model, figure), -1));
}

PlotLine LineEntry::line_of(const ScopeModel& model, ScopeLook& look, const LineSource& source,
                            const Figure& figure) const {
  SeriesCache& cache = look.cache(model);
  const Rect plot = figure.plot();
  const Columns columns = {figure.x.lo, figure.x.hi, std::max(1, static_cast<int>(plot.width)),
                           figure.x.scale == Scale::log};
  PlotLine line;
  // The raw line behind it, and the rows of the figure's table, have the plain name.
  line.name = source.smoothing > 0 ? figure_words("%1, smoothed", source.name) : source.name;
  line.stroke = source.stroke;
  line.racer = source.racer;
  line.point = source.point;
  line.faded = is_faded(model, source.racer);
  if (model.pointed_place() && source.point > 0) {
    const bool is_pointed = source.point == model.pointed_place()->point;
    line.strong = is_pointed && !source.is_member;
    line.faded = line.faded || !is_pointed;
  }
  const LineRequest smooth = request_of(model, source);
  if (source.named && source.series->size() > 0) {
    line.end_name = source.point > 0 ? figure_words("layer %1", std::to_string(source.point))
                                     : model.racers()[static_cast<std::size_t>(source.racer)].label;
    line.end_value = source.sign * cache.values(smooth).back();  // the line's, not the raw one
    // Tints are too pale to be read.
    line.end_colour =
        source.point > 0 ? mixed(line.stroke.colour, look.theme().text, 0.35) : line.stroke.colour;
  }
  LineRequest raw = smooth;
  raw.smoothing = 0;
  line.sign = source.sign;
  line.main = &cache.line(smooth, columns);
  line.cursor_value.y = line.anchor_value.y = std::numeric_limits<double>::quiet_NaN();
  if (source.is_member) return line;
  const bool in_full = shown_in_full(model);
  if (in_full && smooth.smoothing > 0 && !source.group) line.raw = &cache.line(raw, columns);
  const auto seen =
      std::count_if(line.main->points.begin(), line.main->points.end(),
                    [&](const Point& point) { return point.x >= figure.x.lo && point.x <= figure.x.hi; });
  line.dots = in_full && static_cast<double>(seen) * 12 < plot.width;
  line.cursor_value = value_at(model, look, smooth, figure.crosshair);
  line.anchor_value = value_at(model, look, smooth, model.anchor);
  line.cursor_value.y *= source.sign;
  line.anchor_value.y *= source.sign;
  line.band = band_of(model, look, source, columns.count);
  return line;
}

std::unique_ptr<Figure> LineEntry::build(const ScopeModel& model, ScopeLook& look,
                                         const FigurePlace& place) const {
  auto figure = std::make_unique<LineFigure>();
  const FigureState& state = state_of(model, place.figure);
  fill_common(model, look, place, *figure);
  const MeasureDescriptor* measure = first_measure(state);
  figure->title_opens_menu = !look.for_file;
  figure->zero_line = measure && measure->quantity == Quantity::cosine;
  if (!figure->controls.empty()) {
    figure->controls[0] = switch_of(state) == FigureSwitch::degrees
                              ? FigureControl{"deg", model.degrees, false}
                              : FigureControl{"log", state.log, false};
    figure->controls[0].hovered = model.pointer && figure->control_area(0).contains(*model.pointer);
  }
  // Panels of one figure share their axis.
  figure->y = height(model, look, place.figure);
  figure->marks = event_marks(model, look, place.racer);
  const std::vector<LineSource> all = sources(model, look, state, place.racer);
  for (const LineSource& source : all) {
    PlotLine& line = figure->lines.emplace_back(line_of(model, look, source, *figure));
    const Extent seen = signed_extent(
        look.cache(model).extent(request_of(model, source), figure->x.lo, figure->x.hi), source.sign);
    line.leaves = !state.y_fixed && seen.highest > figure->y.hi;
    if ((source.group || source.error) && !std::isnan(line.cursor_value.y))
      line.note = note_of(source, request_of(model, source), figure->crosshair, figure->y);
  }
  if (figure->lines.empty() && model.any_data()) {
    const bool hidden = measure && model.measure_has_data(state.measures.front(), false);
    figure->empty_text = hidden ? figure_words("The runs that have this are hidden") : empty_text();
  }
  const auto note = [&](const std::string& words) {
    if (!words.empty()) figure->note += (figure->note.empty() ? "" : "; ") + words;
  };
  note(words_of_bands(model, all));
  note(left_out(model, look, all, *figure));
  if (measure && is_of_theory(*measure))
    note(figure_words("estimated from probes' batches: no proof that the theorem's condition holds"));
  name_nearest(*figure);
  return figure;
}

}  // namespace grapevine
