// From the model's settings and the runs' data to figures that can be drawn.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/experiment/registry.h"
#include "ui/scope/figures/plane_figure.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// One line of a line figure before it is drawn.
struct LineSource {
  const Series* series = nullptr;
  int racer = 0;
  std::string name;
  Stroke stroke;
  double smoothing = 0;
  int point = 0;                     ///< of a layer's line
  const MeanCurve* group = nullptr;  ///< the line is its mean
  bool is_member = false;            ///< one run of a group, behind the mean
};

const MeasureDescriptor& measure_at(int index) {
  return measures()[static_cast<std::size_t>(index)];
}

bool faded(const ScopeModel& model, int racer) {
  return model.highlighted >= 0 && model.highlighted != racer;
}

/// The runs of a group behind their mean: thin, and paler the more there are.
void add_members(const ScopeModel& model, int racer, int measure, std::vector<LineSource>& sources) {
  const Racer& group = model.racers()[static_cast<std::size_t>(racer)];
  const double share = group.mean->members.size() > 10 ? 0.22 : 0.38;
  const Colour shade = mixed(model.theme().plot, model.colour_of(racer), share);
  for (const RunView& member : group.mean->members) {
    const Series* series = member->find(measure, 0);
    if (!series || series->size() == 0) continue;
    LineSource source{series, racer, "", {shade, 0.9, Dash::solid}, model.smoothing_of(measure)};
    source.is_member = true;
    sources.push_back(source);
  }
}

std::vector<LineSource> run_lines(const ScopeModel& model, const FigureState& state) {
  std::vector<LineSource> sources;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    if (!racer.visible) continue;
    const Colour colour = model.colour_of(static_cast<int>(r));
    // A curve of a few points carries no figure: until it does, the batches' is the one to see.
    const Series* first = state.measures.empty() ? nullptr : racer.run->find(state.measures.front(), 0);
    const bool sparse = !first || first->size() < 5;
    for (std::size_t m = state.measures.size(); m-- > 0;) {
      const Series* series = racer.run->find(state.measures[m], 0);
      if (!series || series->size() == 0) continue;
      // Beneath the stage there is room for one curve a run.
      if (m > 0 && first && first->size() > 1 && model.view == ScopeView::stage) continue;
      const std::string name =
          state.measures.size() > 1 ? racer.label + " · " + measure_at(state.measures[m]).name : racer.label;
      const Colour shade = m == 0 || sparse ? colour : mixed(model.theme().plot, colour, 0.6);
      const Dash dash = model.dash_of(static_cast<int>(r));
      if (racer.mean && m == 0) add_members(model, static_cast<int>(r), state.measures[m], sources);
      sources.push_back({series,
                         static_cast<int>(r),
                         name,
                         {shade,
                          m == 0   ? 2.0
                          : sparse ? 1.5
                                   : 1.2,
                          dash},
                         model.smoothing_of(state.measures[m])});
      if (!racer.mean || m > 0) continue;
      const auto curve = racer.mean->curves.find({state.measures[m], 0});
      if (curve != racer.mean->curves.end()) sources.back().group = &curve->second;
    }
  }
  return sources;
}

std::vector<LineSource> layer_lines(const ScopeModel& model, const FigureState& state, int only) {
  std::vector<LineSource> sources;
  if (state.measures.empty()) return sources;
  const int measure = state.measures.front();
  std::vector<int> racers = model.layer_racers(measure);
  if (only >= 0) racers = {only};
  for (const int r : racers) {
    const Racer& racer = model.racers()[static_cast<std::size_t>(r)];
    const int points = racer.run->points_of(measure);
    for (int point = 1; point <= points; ++point) {
      const Series* series = racer.run->find(measure, point);
      if (!series || series->size() == 0) continue;
      const double depth = points > 1 ? (point - 1.0) / (points - 1.0) : 0.5;
      const std::string layer = "layer " + std::to_string(point);
      const Dash dash = model.dash_of(r);
      const Colour tint = tint_of_depth(model.colour_of(r), depth, model.theme());
      sources.push_back({series,
                         r,
                         racers.size() > 1 ? racer.label + " · " + layer : layer,
                         {tint, 1.8, dash},
                         model.smoothing_between_samples(*series),
                         point});
    }
  }
  return sources;
}

/// Of one racer alone where `only` is not −1.
std::vector<LineSource> lines_of(const ScopeModel& model, int figure, int only = -1) {
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  return state.kind == FigureKind::layers ? layer_lines(model, state, only) : run_lines(model, state);
}

LineRequest request_of(const ScopeModel& model, const LineSource& source) {
  return model.request(model.racers()[static_cast<std::size_t>(source.racer)], *source.series,
                       source.smoothing);
}

/// An edge of a group's band, smoothed as its mean is.
LineRequest edge_of(const ScopeModel& model, const LineSource& source, const Series& edge) {
  return model.request(model.racers()[static_cast<std::size_t>(source.racer)], edge, source.smoothing);
}

Axis y_axis(ScopeModel& model, int figure, const std::vector<LineSource>& sources) {
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  const MeasureDescriptor* measure = state.measures.empty() ? nullptr : &measure_at(state.measures.front());
  Axis axis;
  axis.unit = measure && measure->quantity == Quantity::share ? Unit::share : Unit::number;
  if (measure && measure->quantity == Quantity::cosine && model.degrees) axis.unit = Unit::angle;
  const Scale scale = state.log ? Scale::log : Scale::linear;
  if (state.y_fixed && (scale != Scale::log || state.y_lo > 0)) {
    return {state.y_lo, state.y_hi, scale, axis.unit, axis.linear_until};
  }
  const TimeRange range = model.range(figure);
  Extent extent;
  for (const LineSource& source : sources) {
    const LineRequest shown = request_of(model, source);
    extent.add(model.cache().extent(shown, range.lo, range.hi));
    if (source.group)
      for (const Series* edge : {&source.group->low, &source.group->high})
        extent.add(model.cache().extent(edge_of(model, source, *edge), range.lo, range.hi));
    if (shown.smoothing <= 0) continue;
    // The raw line behind stays in the frame, but for the few values that would flatten all the others.
    LineRequest raw = shown;
    raw.smoothing = 0;
    extent.add(model.cache().usual_extent(raw, range.lo, range.hi));
  }
  if (measure && measure->quantity == Quantity::cosine) {
    // As far down as there is something; panels of one measure share it, for what they are compared by.
    axis.lo = extent.empty() ? -0.1 : std::clamp(std::floor(extent.lowest * 10) / 10, -1.0, -0.1);
    axis.hi = 1.03;
    return axis;
  }
  return fitted_axis(scale == Scale::log ? extent.lowest_positive : extent.lowest, extent.highest, scale,
                     axis.unit);
}

/// The sample nearest to a time, in data units.
Point value_at(ScopeModel& model, const LineRequest& request, std::optional<double> time) {
  if (!time || request.view.empty()) return {0, kNothing};
  const std::size_t last = request.view.size() - 1;
  const double before = request.view.x(0);
  const double after = request.view.x(last);
  // A run that is not there at this time says nothing.
  const double tolerance = (after - before) * 0.02;
  if (*time < before - tolerance || *time > after + tolerance) return {0, kNothing};
  const std::size_t i = request.view.nearest(*time);
  return {request.view.x(i), model.cache().values(request)[i]};
}

std::string time_words(const ScopeModel& model, const Axis& axis) {
  if (!model.cursor) return {};
  std::string text = title_of(model.time_axis());
  const double shown = model.time_axis() == TimeAxis::step ? std::round(*model.cursor) : *model.cursor;
  text += " " + axis.format(shown);
  if (model.anchor) text += "   Δ " + axis.format(shown - *model.anchor);
  return text;
}

/// Of one racer alone where `only` is not −1.
std::vector<Mark> marks_of(const ScopeModel& model, int only = -1) {
  std::vector<Mark> marks;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    if (!racer.visible || faded(model, static_cast<int>(r))) continue;
    if (only >= 0 && only != static_cast<int>(r)) continue;
    const Colour colour = model.colour_of(static_cast<int>(r));
    for (const Event& event : racer.run->events) {
      if (shape_of(event.kind) != EventShape::calibration) continue;
      marks.push_back({model.time_of_event(static_cast<int>(r), event), colour, static_cast<int>(r), false});
    }
  }
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.x < b.x; });
  return marks;
}

void fill_common(ScopeModel& model, const FigurePlace& place, Figure& figure) {
  const TimeRange range = model.range(place.figure);
  shape_figure(model, place, figure);
  figure.title = model.title_of(place.figure);
  if (place.racer >= 0) {
    const FigureState& state = model.figures()[static_cast<std::size_t>(place.figure)];
    const std::string& label = model.racers()[static_cast<std::size_t>(place.racer)].label;
    figure.title = state.measures.empty() ? label : measure_at(state.measures.front()).name + " of " + label;
    figure.title_colour = model.colour_of(place.racer);
  }
  figure.x = {range.lo, range.hi, Scale::linear, unit_of(model.time_axis()), 1e-3};
  // The held time is a crosshair that stays.
  figure.crosshair = model.view == ScopeView::stage ? model.stage_time() : model.cursor;
  figure.second_cursor = model.anchor;
  figure.crosshair_text = time_words(model, figure.x);
  if (!model.pointer) return;
  figure.pointer = *model.pointer;
  figure.pointer_inside = model.hovered_figure == place.figure && place.area.contains(figure.pointer);
  figure.pointer_elsewhere = !figure.pointer_inside && model.cursor.has_value();
  figure.title_hovered = figure.title_area().contains(figure.pointer);
}

/// The first measure's lines carry their names and last values.
void label_end(ScopeModel& model, const LineSource& source, const FigureState& state, PlotLine& line) {
  if (source.is_member) return;
  const bool first = source.point > 0 || state.measures.size() < 2 ||
                     source.series == model.racers()[static_cast<std::size_t>(source.racer)].run->find(
                                          state.measures.front(), 0);
  if (!first || source.series->size() == 0) return;
  const Colour ink = model.theme().text;
  line.end_name = source.point > 0 ? "layer " + std::to_string(source.point)
                                   : model.racers()[static_cast<std::size_t>(source.racer)].label;
  line.end_value = model.cache().values(request_of(model, source)).back();  // the line's, not the raw one
  // Tints are too pale to be read.
  line.end_colour = source.point > 0 ? mixed(line.stroke.colour, ink, 0.35) : line.stroke.colour;
}

/// So many points as there are pixels, and its ends.
std::vector<BandPoint> band_of(ScopeModel& model, const LineSource& source, int pixels) {
  std::vector<BandPoint> band;
  const LineRequest low = edge_of(model, source, source.group->low),
                    high = edge_of(model, source, source.group->high);
  const std::span<const double> lows = model.cache().values(low), highs = model.cache().values(high);
  const std::size_t stride = std::max<std::size_t>(1, lows.size() / static_cast<std::size_t>(2 * pixels));
  for (std::size_t i = 0; i < lows.size(); i += stride) band.push_back({low.view.x(i), lows[i], highs[i]});
  if (!lows.empty() && (lows.size() - 1) % stride != 0)
    band.push_back({low.view.x(lows.size() - 1), lows.back(), highs.back()});
  return band;
}

/// How many runs the mean is of where the crosshair stands, and how far they spread.
std::string note_of(const LineSource& source, const LineRequest& request, std::optional<double> time,
                    const Axis& y) {
  if (!time || request.view.empty()) return "";
  const std::size_t at = request.view.nearest(*time);
  const MeanCurve& curve = *source.group;
  std::string note = "N " + std::to_string(curve.count[at]);
  if (curve.count[at] < 2) return note;
  return note + ", " + y.format(curve.low.value[at]) + " … " + y.format(curve.high.value[at]);
}

/// The line under the pointer is drawn strong.
void name_nearest(LineFigure& figure) {
  if (!figure.pointer_inside) return;
  const int nearest = figure.nearest_line(figure.pointer, 24);
  if (nearest >= 0) figure.lines[static_cast<std::size_t>(nearest)].strong = true;
}

std::unique_ptr<Figure> build_lines(ScopeModel& model, const FigurePlace& place) {
  auto figure = std::make_unique<LineFigure>();
  const FigureState& state = model.figures()[static_cast<std::size_t>(place.figure)];
  fill_common(model, place, *figure);
  const std::vector<LineSource> sources = lines_of(model, place.figure, place.racer);
  const MeasureDescriptor* measure = state.measures.empty() ? nullptr : &measure_at(state.measures.front());
  figure->title_opens_menu = !model.exporting;
  figure->zero_line = measure && measure->quantity == Quantity::cosine;
  if (!figure->controls.empty()) {
    const bool degrees = model.control_of(place.figure) == ScopeModel::Control::degrees;
    figure->controls[0] =
        degrees ? FigureControl{"deg", model.degrees, false} : FigureControl{"log", state.log, false};
    figure->controls[0].hovered = model.pointer && figure->control_area(0).contains(*model.pointer);
  }
  // Panels of one figure share their axis.
  figure->y = y_axis(model, place.figure, lines_of(model, place.figure));
  figure->marks = marks_of(model, place.racer);

  const Rect plot = figure->plot();
  const Columns columns = {figure->x.lo, figure->x.hi, std::max(1, static_cast<int>(plot.width))};
  for (const LineSource& source : sources) {
    PlotLine line;
    line.name = source.name;
    line.stroke = source.stroke;
    line.racer = source.racer;
    line.point = source.point;
    line.faded = faded(model, source.racer);
    if (model.pointed_place() && source.point > 0)
      (source.point == model.pointed_place()->point ? line.strong : line.faded) = true;
    label_end(model, source, state, line);
    const LineRequest smooth = request_of(model, source);
    LineRequest raw = smooth;
    raw.smoothing = 0;
    line.main = &model.cache().line(smooth, columns);
    if (smooth.smoothing > 0 && !source.is_member && !source.group)
      line.raw = &model.cache().line(raw, columns);
    line.dots = !source.is_member && static_cast<double>(line.main->points.size()) * 12 < plot.width;
    line.cursor_value = line.anchor_value = {0, kNothing};
    if (!source.is_member) {
      line.cursor_value = value_at(model, smooth, figure->crosshair);
      line.anchor_value = value_at(model, smooth, model.anchor);
    }
    if (source.group) {
      line.band = band_of(model, source, columns.count);
      if (!std::isnan(line.cursor_value.y)) line.note = note_of(source, smooth, figure->crosshair, figure->y);
    }
    figure->lines.push_back(line);
  }
  if (figure->lines.empty() && model.any_data()) {
    const bool hidden = measure && model.measure_has_data(state.measures.front(), false);
    figure->empty_text = hidden ? "The runs that have this are hidden"
                         : state.kind == FigureKind::layers
                             ? "Not measured by these rules; choose another measure above"
                             : "Nothing measured yet";
  }
  name_nearest(*figure);
  return figure;
}

void add_heat_rows(ScopeModel& model, HeatMap& figure, int measure) {
  const Columns columns = {figure.x.lo, figure.x.hi, std::max(1, static_cast<int>(figure.plot().width))};
  const std::vector<int> racers = model.layer_racers(measure);
  Extent extent;
  for (const int r : racers) {
    const Racer& racer = model.racers()[static_cast<std::size_t>(r)];
    for (int point = racer.run->points_of(measure); point >= 1; --point) {
      const Series* series = racer.run->find(measure, point);
      if (!series || series->size() == 0) continue;
      HeatRow row;
      row.name = std::to_string(point);
      row.full_name = racer.label + " · layer " + row.name;
      row.racer = r;
      row.marked = model.pointed_place() && model.pointed_place()->point == point &&
                   (racers.size() == 1 || model.pointed_place()->racer == r);
      row.colour = model.colour_of(r);
      const LineRequest request = model.request(racer, *series, 0);
      row.columns = &model.cache().means(request, columns);
      row.cursor_value = value_at(model, request, figure.crosshair).y;
      extent.add(model.cache().extent(request, figure.x.lo, figure.x.hi));
      figure.rows.push_back(row);
    }
  }
  if (!extent.empty()) {
    figure.lo = std::min(0.0, extent.lowest);
    figure.hi = extent.highest;
  }
}

std::unique_ptr<Figure> build_heat_map(ScopeModel& model, const FigurePlace& place) {
  auto figure = std::make_unique<HeatMap>();
  const FigureState& state = model.figures()[static_cast<std::size_t>(place.figure)];
  fill_common(model, place, *figure);
  figure->title_opens_menu = !model.exporting;
  figure->marks = marks_of(model);
  figure->emphasised_racer = model.highlighted;
  if (!state.measures.empty()) {
    figure->diverging = measure_at(state.measures.front()).quantity == Quantity::cosine;
    add_heat_rows(model, *figure, state.measures.front());
  }
  if (figure->rows.empty() && model.any_data()) figure->empty_text = "Not measured by these rules";
  return figure;
}

std::unique_ptr<Figure> build_events(ScopeModel& model, const FigurePlace& place) {
  auto figure = std::make_unique<EventLane>();
  fill_common(model, place, *figure);
  std::size_t kept = 0;
  const double room = figure->plot().height;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    if (!racer.visible) continue;
    // Lanes of less than 13 pixels run into each other: the last one takes the rest.
    if (figure->lanes.empty() || static_cast<double>(kept + 1) * 13 <= room) {
      figure->lanes.push_back({racer.label, static_cast<int>(r), model.colour_of(static_cast<int>(r))});
      ++kept;
    } else {
      figure->lanes.back().name = "others";
      figure->lanes.back().colour = model.theme().muted;
    }
    for (std::size_t i = 0; i < racer.run->events.size(); ++i) {
      const EventShape shape = shape_of(racer.run->events[i].kind);
      // Every run begins; only a second beginning is news.
      if (shape == EventShape::other || racer.run->events[i].kind == "started") continue;
      figure->events.push_back({model.time_of_event(static_cast<int>(r), racer.run->events[i]),
                                static_cast<int>(kept) - 1, static_cast<int>(r), i, shape, false});
    }
  }
  return figure;
}

}  // namespace

void shape_figure(const ScopeModel& model, const FigurePlace& place, Figure& figure) {
  const FigureKind kind = model.figures()[static_cast<std::size_t>(place.figure)].kind;
  figure.outer = place.area;
  if (place.time_labels) figure.x_title = title_of(model.time_axis());
  const bool lines = kind == FigureKind::lines || kind == FigureKind::layers || kind == FigureKind::plane;
  // One panel of layers has few lines; several racers' layers in one are told apart by the value box.
  const bool few = kind == FigureKind::lines || kind == FigureKind::plane || place.racer >= 0 ||
                   (kind == FigureKind::layers && model.layer_racers(model.layer_measure()).size() == 1);
  if (lines && few && place.area.width >= 220) figure.right_margin = LineFigure::kEndLabels;
  // Panels of one figure have one switch, the first one's.
  const bool first = place.racer < 0 || place.racer == model.layer_racers(model.layer_measure()).front();
  const bool control = lines && first && model.control_of(place.figure) != ScopeModel::Control::none;
  if (control && !model.exporting) figure.controls.resize(1);
}

std::unique_ptr<Figure> build_figure(ScopeModel& model, const FigurePlace& place) {
  switch (model.figures()[static_cast<std::size_t>(place.figure)].kind) {
    case FigureKind::lines:
    case FigureKind::layers:
      return build_lines(model, place);
    case FigureKind::heat_map:
      return build_heat_map(model, place);
    case FigureKind::events:
      return build_events(model, place);
    case FigureKind::stage:
      return build_stage(model, place);
    case FigureKind::plane:
      return build_plane(model, place);
  }
  return build_events(model, place);
}

Axis y_axis_of(ScopeModel& model, int figure) {
  return y_axis(model, figure, lines_of(model, figure));
}

}  // namespace grapevine
