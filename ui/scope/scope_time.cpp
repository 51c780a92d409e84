// The scope's state: which stretch of time is in view, and following the newest data.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/scope/scope_model.h"

namespace grapevine {
namespace {

/// What is shown before there is anything to show.
TimeRange empty_range(TimeAxis axis) {
  switch (axis) {
    case TimeAxis::step:
      return {0, 100};
    case TimeAxis::epoch:
      return {0, 1};
    case TimeAxis::seconds:
      return {0, 10};
    case TimeAxis::samples:
      return {0, 10000};
  }
  return {0, 1};
}

/// Between two samples of the clock in proportion; outside, at the pace of the whole run.
double converted(const Racer* racer, double value, TimeAxis from, TimeAxis to) {
  if (!racer || !racer->clock || racer->clock->size() == 0 || from == to) return value;
  const SeriesView source = racer->view(*racer->clock, from);
  const SeriesView target = racer->view(*racer->clock, to);
  const std::size_t after = source.lower_bound(value);
  const std::size_t last = source.size() - 1;
  if (after > 0 && after <= last && source.x(after) > source.x(after - 1)) {
    const double share = (value - source.x(after - 1)) / (source.x(after) - source.x(after - 1));
    return target.x(after - 1) + share * (target.x(after) - target.x(after - 1));
  }
  const double pace = source.x(last) > 0 ? target.x(last) / source.x(last) : 1;
  return after > last ? target.x(last) + (value - source.x(last)) * pace : value * pace;
}

constexpr double kHeadroom = 0.02;  ///< free space right of the newest data

}  // namespace

TimeRange ScopeModel::data_range() const {
  double newest = 0;
  for (const Racer& racer : racers_) {
    if (!racer.visible) continue;
    for (const auto& [key, series] : racer.run->series) {
      if (series.size() > 0) newest = std::max(newest, racer.view(series, time_axis_).x(series.size() - 1));
    }
    if (time_axis_ == TimeAxis::step) newest = std::max(newest, static_cast<double>(racer.run->step));
    if (time_axis_ == TimeAxis::samples)
      newest = std::max(newest, static_cast<double>(racer.run->step) * racer.samples_per_step);
    if (time_axis_ == TimeAxis::epoch) newest = std::max(newest, racer.run->epoch);
  }
  return newest > 0 ? TimeRange{0, newest} : empty_range(time_axis_);
}

void ScopeModel::follow_newest() {
  const TimeRange data = data_range();
  TimeRange view = {data.lo, data.hi + data.span() * kHeadroom};
  if (follow_span_ > 0) {
    view.hi = data.hi + follow_span_ * kHeadroom;
    view.lo = view.hi - follow_span_;
  }
  range_ = view;
  for (FigureState& figure : figures_) figure.range = view;
}

void ScopeModel::set_follow(bool follow) {
  if (follow == follow_) return;
  follow_ = follow;
  if (!follow) return;
  const TimeRange data = data_range();
  follow_span_ = range_.span() < data.span() * 0.9 ? range_.span() : 0;
  follow_newest();
}

TimeRange ScopeModel::range(int figure) const {
  const bool own = !linked_ && figure >= 0 && figure < static_cast<int>(figures_.size());
  return own ? figures_[static_cast<std::size_t>(figure)].range : range_;
}

Axis ScopeModel::time(int figure) const {
  const TimeRange shown = range(figure);
  Axis axis = {shown.lo, shown.hi, Scale::linear, unit_of(time_axis_), 1e-3};
  if (!log_time_ || !(shown.hi > 0)) return axis;
  axis.scale = Scale::log;
  if (!(axis.lo > 0)) axis.lo = std::min(first_positive_time(), shown.hi / 10);
  return axis;
}

double ScopeModel::first_positive_time() const {
  double first = std::numeric_limits<double>::infinity();
  for (const Racer& racer : racers_) {
    if (!racer.clock || !racer.visible) continue;
    const SeriesView view = racer.view(*racer.clock, time_axis_);
    const std::size_t at = view.lower_bound(std::numeric_limits<double>::min());
    if (at < view.size()) first = std::min(first, view.x(at));
  }
  return first;
}

void ScopeModel::apply(int figure, TimeRange range) {
  const double smallest = std::max(std::abs(range.lo), std::abs(range.hi)) * 1e-9 + 1e-9;
  if (!(range.span() > smallest) || !std::isfinite(range.span())) return;
  const bool own = !linked_ && figure >= 0 && figure < static_cast<int>(figures_.size());
  if (own) {
    figures_[static_cast<std::size_t>(figure)].range = range;
    return;
  }
  range_ = range;
  for (FigureState& state : figures_) state.range = range;
}

void ScopeModel::set_range(int figure, TimeRange range) {
  follow_ = false;
  apply(figure, range);
}

void ScopeModel::set_linked(bool linked) {
  if (linked == linked_) return;
  linked_ = linked;
  // Unlinked figures begin where they stood together; linked again they take the first one's stretch.
  if (linked) range_ = figures_.front().range;
  for (FigureState& figure : figures_) figure.range = range_;
}

void ScopeModel::fit(int figure) {
  const TimeRange data = data_range();
  follow_span_ = 0;
  apply(figure, {data.lo, data.hi + data.span() * kHeadroom});
  if (figure >= 0 && figure < static_cast<int>(figures_.size()))
    figures_[static_cast<std::size_t>(figure)].y_fixed = false;
}

void ScopeModel::fit_all() {
  for (std::size_t i = 0; i < figures_.size(); ++i) fit(static_cast<int>(i));
}

void ScopeModel::pan(int figure, double share) {
  if (log_time_) {
    const Axis now = time(figure);
    return set_range(figure, {now.from_unit(share), now.from_unit(1 + share)});
  }
  const TimeRange now = range(figure);
  set_range(figure, {now.lo + share * now.span(), now.hi + share * now.span()});
}

void ScopeModel::zoom(int figure, double factor, double around) {
  if (log_time_) {
    const Axis axis = time(figure);
    if (factor < 1 && axis.hi / axis.lo > 1e15) return;  // further out there is nothing
    return set_range(
        figure, {axis.from_unit(around - around / factor), axis.from_unit(around + (1 - around) / factor)});
  }
  const TimeRange now = range(figure);
  const double fixed = now.lo + around * now.span();
  const double reach = std::max(data_range().span(), empty_range(time_axis_).span()) * 20;
  const double span = std::min(now.span() / factor, std::max(reach, now.span()));
  set_range(figure, {fixed - around * span, fixed + (1 - around) * span});
}

void ScopeModel::zoom_y(int figure, double factor, double around_unit, const Axis& now) {
  FigureState& state = figures_[static_cast<std::size_t>(figure)];
  const double lo = now.from_unit(around_unit - around_unit / factor);
  const double hi = now.from_unit(around_unit + (1 - around_unit) / factor);
  if (!(hi > lo) || !std::isfinite(hi - lo) || hi - lo < std::max(std::abs(lo), std::abs(hi)) * 1e-10) return;
  state.y_fixed = true;
  state.y_lo = lo;
  state.y_hi = hi;
}

void ScopeModel::pan_y(int figure, double share, const Axis& now) {
  FigureState& state = figures_[static_cast<std::size_t>(figure)];
  const double lo = now.from_unit(share);
  const double hi = now.from_unit(1 + share);
  if (!(hi > lo) || !std::isfinite(hi - lo)) return;
  state.y_fixed = true;
  state.y_lo = lo;
  state.y_hi = hi;
}

void ScopeModel::jump_to(double time) {
  const double half = range_.span() / 2;
  set_range(-1, {time - half, time + half});
  if (!linked_) {
    for (FigureState& figure : figures_) figure.range = range_;
  }
  cursor = time;
}

void ScopeModel::jump_to_step(std::int64_t step) {
  advance();
  jump_to(time_of_step(step));
}

void ScopeModel::find_clocks() {
  clock_ = nullptr;
  for (Racer& racer : racers_) {
    racer.clock = nullptr;
    for (const auto& [key, series] : racer.run->series) {
      if (series.size() > 0 && (!racer.clock || series.size() > racer.clock->size())) racer.clock = &series;
    }
    if (racer.clock && (!clock_ || racer.clock->size() > clock_->clock->size())) clock_ = &racer;
  }
}

double ScopeModel::convert(double value, TimeAxis from, TimeAxis to) const {
  return converted(clock_, value, from, to);
}

void ScopeModel::set_time_axis(TimeAxis axis) {
  if (axis == time_axis_) return;
  const TimeAxis before = time_axis_;
  const bool whole = follow_ && follow_span_ == 0;
  find_clocks();
  const auto moved = [&](double value) { return convert(value, before, axis); };
  const TimeRange view = {moved(range_.lo), moved(range_.hi)};
  if (cursor) cursor = moved(*cursor);
  if (anchor) anchor = moved(*anchor);
  for (FigureState& figure : figures_) figure.range = {moved(figure.range.lo), moved(figure.range.hi)};
  time_axis_ = axis;
  if (follow_span_ > 0) follow_span_ = view.span();
  if (view.span() > 0) range_ = view;
  if (whole || !(view.span() > 0)) {
    const bool follow = follow_;
    fit_all();
    follow_ = follow;
  }
}

double ScopeModel::time_of_step(std::int64_t step) const {
  return convert(static_cast<double>(step), TimeAxis::step, time_axis_);
}

double ScopeModel::time_of_event(int racer, const Event& event) const {
  if (time_axis_ == TimeAxis::step) return static_cast<double>(event.step);
  if (time_axis_ == TimeAxis::epoch) return event.epoch;
  if (time_axis_ == TimeAxis::samples)
    return static_cast<double>(event.step) * racers_[static_cast<std::size_t>(racer)].samples_per_step;
  return converted(&racers_[static_cast<std::size_t>(racer)], static_cast<double>(event.step), TimeAxis::step,
                   time_axis_);
}

ScopeModel::RacersTime ScopeModel::stage_time_of(int racer) const {
  const std::optional<double> time = stage_time();
  if (time_axis_ != TimeAxis::samples) return {time_axis_, time};
  const double each = racers_[static_cast<std::size_t>(racer)].samples_per_step;
  return {TimeAxis::step, time ? std::optional(*time / each) : std::nullopt};
}

}  // namespace grapevine
