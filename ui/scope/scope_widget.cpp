// The scope as a widget: model, controller, canvas and bar put together. Menus stand in scope_menus.cpp.
#include "ui/scope/scope_widget.h"

#include <QFontMetricsF>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>
#include <map>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "ui/plot/bold_painter.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/scope_accessible.h"
#include "ui/scope/scope_memory.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {
namespace {

double text_width(std::string_view utf8) {
  static const QFontMetricsF metrics(figure_font(TextSize::small));
  return metrics.horizontalAdvance(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

/// One mark a step, in the colour of its racer, or in the text's where there are several.
std::vector<ScrubMark> exact_steps(const std::vector<StageRacer>& racers) {
  std::map<std::int64_t, std::vector<const StageRacer*>> by_step;
  for (const StageRacer& racer : racers)
    for (const Event& event : racer.run->events)
      if (event.kind == "calibration") by_step[event.step].push_back(&racer);
  std::vector<ScrubMark> marks;
  for (const auto& [step, who] : by_step) {
    QStringList names;
    for (const StageRacer* racer : who) names << QString::fromStdString(racer->label);
    marks.push_back({step, who.size() == 1 ? who.front()->hue : 0,
                     ScopeWidget::tr("%1: exact step").arg(names.join(QStringLiteral(", ")))});
  }
  return marks;
}

}  // namespace

ScopeWidget::Parts::Parts(ScopeWidget& owner)
    : widget(owner),
      controller(model, text_width),
      scrub(new ScrubBar(&owner)),
      layout(new QVBoxLayout(&owner)) {
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(scrub);
  QObject::connect(scrub, &ScrubBar::held, &widget, [this](std::int64_t step) {
    model.held = model.time_of_step(step);
    changed();
  });
  QObject::connect(scrub, &ScrubBar::newest, &widget, [this] {
    model.held.reset();
    changed();
  });
}

void ScopeWidget::Parts::set_canvas(std::unique_ptr<Canvas> made) {
  if (canvas) layout->removeWidget(&canvas->widget());
  canvas = std::move(made);
  canvas->scene = [this](Painter& painter, Size size) {
    controller.set_size(size);
    BoldPainter bold(painter, line_factor());
    ScopeScene(model, size, text_width).draw(bold);
    tell();
  };
  clock.repaint = [this] { canvas->widget().update(); };
  canvas->failed = [this](const QString& reason) { fall_back(reason); };
  QWidget& view = canvas->widget();
  view.setMinimumSize(160, 120);
  view.setObjectName(QStringLiteral("scope_canvas"));
  make_accessible(view, figures);  // before anything asks for the view's interface, which is kept
  view.setAccessibleName(ScopeWidget::tr("Figures"));
  input = new ScopeInput(controller, view, [this] {
    tell();
    clock.request();
  });
  layout->insertWidget(0, &view, 1);
  widget.setFocusProxy(&view);
  magnify();
}

// From far away a line is lost before a letter is: 1.6 times larger means lines of twice the width.
double ScopeWidget::Parts::line_factor() const {
  return magnification > 1 ? 1.25 : 1;
}

void ScopeWidget::Parts::magnify() {
  canvas->magnification = input->magnification = magnification;
  changed();
}

void ScopeWidget::Parts::fall_back(const QString& reason) {
  opengl = false;
  // Deferred: this is called from the canvas that goes.
  Canvas* broken = canvas.release();
  layout->removeWidget(&broken->widget());
  broken->widget().hide();
  broken->widget().deleteLater();
  set_canvas(make_painter_canvas(clock, &widget));
  canvas->widget().show();
  Q_EMIT widget.message(ScopeWidget::tr("Figures are drawn without OpenGL: %1.").arg(reason));
}

void ScopeWidget::Parts::tell() {
  const Told before = told;
  told = {model.follow(),    model.time_axis(),   model.smoothing(), model.layer_measure(),
          model.highlighted, model.layer_racer(), model.cursor,      {},
          model.view,        model.chosen_place,  before.measured};
  for (const Racer& racer : model.racers()) told.visible.push_back(racer.visible);
  scrub->setVisible(told.view == ScopeView::stage);
  if (told.view != before.view) Q_EMIT widget.view_changed(static_cast<int>(told.view));
  if (told.chosen_place != before.chosen_place) {
    const QString sentence = QString::fromStdString(stage_sentence(model));
    canvas->widget().setAccessibleDescription(sentence);
    if (told.chosen_place) Q_EMIT widget.message(sentence);
  }
  if (told.follow != before.follow) Q_EMIT widget.follow_changed(told.follow);
  if (told.axis != before.axis) Q_EMIT widget.time_axis_changed(static_cast<int>(told.axis));
  if (told.smoothing != before.smoothing) Q_EMIT widget.smoothing_changed(told.smoothing);
  if (told.measure != before.measure) Q_EMIT widget.measure_changed(widget.measure());
  if (told.highlighted != before.highlighted) Q_EMIT widget.highlighted_racer_changed(told.highlighted);
  for (std::size_t i = 0; i < told.visible.size() && i < before.visible.size(); ++i) {
    if (told.visible[i] != before.visible[i]) {
      Q_EMIT widget.racer_visibility_changed(static_cast<int>(i), told.visible[i]);
    }
  }
  if (told.cursor != before.cursor) {
    if (told.cursor) {
      Q_EMIT widget.cursor_moved(*told.cursor);
    } else {
      Q_EMIT widget.cursor_left();
    }
  }
}

void ScopeWidget::Parts::show_measured_steps() {
  std::size_t measured = 1;  // never what nothing is told as
  const std::vector<StageRacer> racers = model.stage_racers();
  for (const StageRacer& racer : racers) {
    measured += racer.run->events.size() * 1000003;
    for (const char* key : {"sample_angle_p50", "cos_delta", "cos_update"})
      if (const Series* series = racer.run->find(key, 1)) measured += series->size();
  }
  if (measured == told.measured) return;
  told.measured = measured;
  scrub->show_steps(measured_steps(racers), exact_steps(racers));
}

void ScopeWidget::Parts::changed() {
  tell();
  clock.request();
}

ScopeWidget::ScopeWidget(bool use_opengl, QWidget* parent) : QWidget(parent), parts_(new Parts(*this)) {
  Parts& parts = *parts_;
  parts.opengl = use_opengl && opengl_is_worth_it();
  parts.set_canvas(parts.opengl ? make_opengl_canvas(parts.clock, this)
                                : make_painter_canvas(parts.clock, this));
  parts.make_menus();
  parts.tell();
}

ScopeWidget::~ScopeWidget() = default;

void ScopeWidget::show_runs(std::vector<RunView> runs, std::vector<QString> labels,
                            std::vector<MeanView> means) {
  std::vector<std::string> texts;
  for (const QString& label : labels) texts.push_back(label.toStdString());
  parts_->model.set_runs(runs, texts, means);
  parts_->told.measured = 0;
  parts_->show_measured_steps();
  parts_->scrub->show_newest();
  if (const int racer = parts_->model.first_lookalike(); racer >= 0)
    Q_EMIT message(
        tr("Colours and dashes repeat from “%1” on: point at a name to see its lines.")
            .arg(QString::fromStdString(parts_->model.racers()[static_cast<std::size_t>(racer)].label)));
  if (parts_->canvas->widget().isVisible()) parts_->clock.request();
}

void ScopeWidget::refresh() {
  parts_->show_measured_steps();
  // A hidden window gets its frame when it is shown.
  if (parts_->canvas->widget().isVisible()) parts_->clock.request_for_data();
}

bool ScopeWidget::uses_opengl() const {
  return parts_->opengl;
}
bool ScopeWidget::dark() const {
  return parts_->model.dark;
}

void ScopeWidget::set_dark(bool dark) {
  parts_->model.dark = dark;
  parts_->scrub->set_dark(dark);
  parts_->told.measured = 0;  // the marks have the theme's colours
  parts_->show_measured_steps();
  parts_->changed();
}

ScopeView ScopeWidget::view() const {
  return parts_->model.view;
}

void ScopeWidget::set_view(ScopeView view) {
  parts_->model.view = view;
  parts_->changed();
}

TimeAxis ScopeWidget::time_axis() const {
  return parts_->model.time_axis();
}

void ScopeWidget::set_time_axis(TimeAxis axis) {
  parts_->model.set_time_axis(axis);
  parts_->changed();
}

bool ScopeWidget::follow() const {
  return parts_->model.follow();
}

void ScopeWidget::set_follow(bool follow) {
  parts_->model.set_follow(follow);
  parts_->changed();
}

double ScopeWidget::smoothing() const {
  return parts_->model.smoothing();
}

void ScopeWidget::set_smoothing(double smoothing) {
  parts_->model.set_smoothing(smoothing);
  parts_->changed();
}

bool ScopeWidget::log_loss() const {
  for (const FigureState& figure : parts_->model.figures()) {
    if (figure.kind == FigureKind::lines && !figure.shares) return figure.log;
  }
  return false;
}

void ScopeWidget::set_log_loss(bool log) {
  for (FigureState& figure : parts_->model.figures()) {
    if (figure.kind == FigureKind::lines && !figure.shares) figure.log = log;
  }
  parts_->changed();
}

bool ScopeWidget::linked() const {
  return parts_->model.linked();
}

void ScopeWidget::set_linked(bool linked) {
  parts_->model.set_linked(linked);
  parts_->changed();
}

QString ScopeWidget::measure() const {
  const int index = parts_->model.layer_measure();
  return index < 0 ? QString() : QString::fromStdString(measures()[static_cast<std::size_t>(index)].key);
}

void ScopeWidget::set_measure(const QString& key) {
  const int index = measure_index(key.toStdString());
  if (index >= 0) parts_->model.set_layer_measure(index);
  parts_->changed();
}

int ScopeWidget::layer_racer() const {
  return parts_->model.layer_racer();
}

void ScopeWidget::set_layer_racer(int racer) {
  parts_->model.set_layer_racer(racer);
  parts_->changed();
}

bool ScopeWidget::racer_visible(int racer) const {
  return parts_->model.visible(racer);
}

void ScopeWidget::set_racer_visible(int racer, bool visible) {
  parts_->model.set_visible(racer, visible);
  parts_->changed();
}

int ScopeWidget::highlighted_racer() const {
  return parts_->model.highlighted;
}

void ScopeWidget::set_highlighted_racer(int racer) {
  parts_->model.highlighted = racer;
  parts_->changed();
}

QMenu* ScopeWidget::make_figures_menu(QWidget* parent) {
  auto* menu = new QMenu(tr("Figures shown"), parent);
  connect(menu, &QMenu::aboutToShow, menu, [this, menu] {
    menu->clear();
    parts_->fill_figures_menu(*menu);
  });
  return menu;
}

QMenu* ScopeWidget::make_layers_menu(QWidget* parent) {
  auto* menu = new QMenu(tr("Layers of"), parent);
  connect(menu, &QMenu::aboutToShow, menu, [this, menu] {
    menu->clear();
    parts_->fill_layers_menu(*menu);
  });
  return menu;
}

bool ScopeWidget::dashes_everywhere() const {
  return parts_->model.dashes_everywhere;
}

void ScopeWidget::set_dashes_everywhere(bool dashes) {
  parts_->model.dashes_everywhere = dashes;
  parts_->changed();
}

QString ScopeWidget::layout_text() const {
  return QString::fromStdString(scope_layout(parts_->model, WithTime::yes));
}

QString ScopeWidget::layout_for_any_run() const {
  return QString::fromStdString(scope_layout(parts_->model, WithTime::no));
}

bool ScopeWidget::set_layout(const QString& text) {
  const bool done = apply_scope_layout(parts_->model, text.toStdString());
  parts_->changed();
  return done;
}

void ScopeWidget::fit() {
  parts_->model.fit_all();
  parts_->changed();
}

void ScopeWidget::pan(double share) {
  parts_->model.pan(parts_->model.hovered_figure, share);
  parts_->changed();
}

void ScopeWidget::zoom(double factor) {
  parts_->model.zoom(parts_->model.hovered_figure, factor, 0.5);
  parts_->changed();
}

void ScopeWidget::jump_to_step(std::int64_t step) {
  parts_->model.advance();
  parts_->model.jump_to(parts_->model.time_of_step(step));
  parts_->changed();
}

int ScopeWidget::figure_count() const {
  return static_cast<int>(parts_->model.figures().size());
}
QString ScopeWidget::figure_title(int figure) const {
  return QString::fromStdString(parts_->model.title_of(figure));
}

bool ScopeWidget::export_figure(int figure, const QString& file, QSize size, QString* error) const {
  try {
    grapevine::export_figure(parts_->model, figure, file, size);
    return true;
  } catch (const Error& problem) {
    if (error) *error = QString::fromUtf8(problem.what());
    return false;
  }
}

QImage ScopeWidget::figure_image(int figure, QSize size) const {
  return grapevine::figure_image(parts_->model, figure, size, 2);
}

QString ScopeWidget::figure_table(int figure, bool only_visible) const {
  return grapevine::figure_table(parts_->model, figure, only_visible);
}

std::vector<FigureRow> ScopeWidget::figure_rows(int figure, bool only_visible) const {
  return grapevine::figure_rows(parts_->model, figure, only_visible);
}

bool ScopeWidget::save_figure_data(int figure, bool only_visible, const QString& file, QString* error) const {
  try {
    grapevine::save_figure_data(parts_->model, figure, only_visible, file);
    return true;
  } catch (const Error& problem) {
    if (error) *error = QString::fromUtf8(problem.what());
    return false;
  }
}

void ScopeWidget::set_magnification(double factor) {
  parts_->magnification = factor;
  parts_->magnify();
}

QString ScopeWidget::summary() const {
  return scope_summary(parts_->model);
}

QImage ScopeWidget::grab_frame() {
  QWidget& view = parts_->canvas->widget();
  if (parts_->opengl && view.isVisible()) return view.grab().toImage();
  QImage image(view.size() * devicePixelRatioF(), QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(devicePixelRatioF());
  QPainter painter(&image);
  painter.scale(parts_->magnification, parts_->magnification);
  QPainterPainter figures(painter);
  BoldPainter bold(figures, parts_->line_factor());
  const double larger = parts_->magnification;
  ScopeScene(parts_->model, {view.width() / larger, view.height() / larger}, text_width).draw(bold);
  return image;
}

int ScopeWidget::frame_count() const {
  return parts_->clock.frame_count();
}
double ScopeWidget::last_frame_ms() const {
  return parts_->clock.last_ms();
}
double ScopeWidget::frame_ms_p99() const {
  return parts_->clock.p99_ms();
}
double ScopeWidget::frame_ms_median() const {
  return parts_->clock.median_ms();
}
void ScopeWidget::forget_frame_times() {
  parts_->clock.forget_times();
}
ScopeModel& ScopeWidget::model() {
  return parts_->model;
}

}  // namespace grapevine
