// The scope as a widget: model, controller, canvas and bar put together. Menus are in scope_menus.cpp.
#include "ui/scope/scope_widget.h"

#include <QFontMetricsF>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>
#include <map>

#include "ui/plot/bold_painter.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/scope/animation_dialog.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/figure_sheet.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/scope_accessible.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {
namespace {

double text_width(std::string_view utf8) {
  static const QFontMetricsF metrics(figure_font(TextSize::small));
  return metrics.horizontalAdvance(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

/// One mark per step, in the colour of its racer, or in the text's where there are several.
std::vector<ScrubMark> exact_steps(const std::vector<StageRacer>& racers) {
  std::map<std::int64_t, std::vector<const StageRacer*>> by_step;
  for (const StageRacer& racer : racers)
    for (const Event& event : racer.run->events)
      if (event.kind == EventKind::calibration) by_step[event.step].push_back(&racer);
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
      controller(model, look, text_width),
      scrub(new ScrubBar(&owner)),
      layout(new QVBoxLayout(&owner)) {
  motion.start();
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
    if (!reduce_motion) look.now = static_cast<double>(motion.nsecsElapsed()) * 1e-6;
    ScopeScene(model, look, size, text_width).draw(bold);
    // No more often than for new data: the cores belong to the training.
    if (look.now && look.needles.moving(*look.now)) clock.request_for_data();
    look.now.reset();
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
  scrub->set_magnification(magnification);
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
  scrub->setVisible(told.view == ScopeView::stage || model.lecture);
  if (told.view != before.view) Q_EMIT widget.view_changed(static_cast<int>(told.view));
  if (told.chosen_place != before.chosen_place) {
    const QString sentence = QString::fromStdString(stage_sentence(model));
    canvas->widget().setAccessibleDescription(sentence);
    if (told.chosen_place) {
      Q_EMIT widget.message(sentence);
      Q_EMIT widget.place_chosen(told.chosen_place->racer, told.chosen_place->point);
    }
  }
  if (told.follow != before.follow) Q_EMIT widget.follow_changed(told.follow);
  if (told.axis != before.axis) Q_EMIT widget.time_axis_changed(static_cast<int>(told.axis));
  if (told.smoothing != before.smoothing) Q_EMIT widget.smoothing_changed(told.smoothing);
  if (told.measure != before.measure)
    Q_EMIT widget.measure_changed(QString::fromStdString(model.layer_measure_key()));
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
  std::size_t measured = 1;  // never the value that stands for nothing
  const std::vector<StageRacer> racers = look.stage_racers(model);
  for (const StageRacer& racer : racers) {
    measured += racer.run->events.size() * 1000003;
    for (const Needle needle : needle_readings)
      if (const Series* series = racer.run->find(needle_measure(needle).key.c_str(), 1))
        measured += series->size();
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
        tr("Colors and dashes repeat from “%1” on: point at a name to see its lines.")
            .arg(QString::fromStdString(parts_->model.racers()[static_cast<std::size_t>(racer)].label)));
  if (parts_->canvas->widget().isVisible()) parts_->clock.request();
}

void ScopeWidget::refresh() {
  parts_->show_measured_steps();
  // A hidden window gets its frame when it is shown.
  if (parts_->canvas->widget().isVisible()) parts_->clock.request_for_data();
}

const ScopeModel& ScopeWidget::model() const {
  return parts_->model;
}

ScopeModel& ScopeWidget::Change::operator*() const {
  return scope_.parts_->model;
}

ScopeWidget::Change::~Change() {
  scope_.parts_->changed();
}

bool ScopeWidget::uses_opengl() const {
  return parts_->opengl;
}

bool ScopeWidget::dark() const {
  return parts_->look.dark;
}

void ScopeWidget::set_dark(bool dark) {
  parts_->look.dark = dark;
  parts_->scrub->set_dark(dark);
  parts_->told.measured = 0;  // the marks have the theme's colours
  parts_->show_measured_steps();
  parts_->changed();
}

void ScopeWidget::set_reduce_motion(bool reduce) {
  parts_->reduce_motion = reduce;
}

void ScopeWidget::set_magnification(double factor) {
  parts_->magnification = factor;
  parts_->magnify();
}

void ScopeWidget::fit() {
  change()->fit_all();
}

void ScopeWidget::pan(double share) {
  change()->pan(model().hovered_figure, share);
}

void ScopeWidget::zoom(double factor) {
  change()->zoom(model().hovered_figure, factor, 0.5);
}

QMenu* ScopeWidget::make_figures_menu(QWidget* parent) {
  auto* menu = new QMenu(tr("Figures shown"), parent);
  connect(menu, &QMenu::aboutToShow, menu, [this, menu] {
    menu->clear();
    qDeleteAll(menu->findChildren<QMenu*>(Qt::FindDirectChildrenOnly));
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

void ScopeWidget::set_changeable(int racers) {
  parts_->changeable = racers;
}

void ScopeWidget::show_step(const std::optional<StageStep>& step) {
  if (parts_->model.step_shown == step) return;
  parts_->model.step_shown = step;
  parts_->changed();
}

SavedFigure ScopeWidget::save_figure(QWidget* parent, int figure, FigureForm form, bool only_visible) {
  return ask_and_save(parent, parts_->model, parts_->look, figure, form,
                      {parts_->size_of(figure), only_visible});
}

void ScopeWidget::animate(QWidget* parent) {
  auto* dialog = new AnimationDialog(parts_->model, parts_->look, parent);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &AnimationDialog::written, this,
          [this](const QString& file) { Q_EMIT message(tr("Saved %1").arg(file)); });
  connect(dialog, &AnimationDialog::trouble, this, &ScopeWidget::message);
  dialog->open();
}

StageAnimation ScopeWidget::animation(const AnimationWish& wish) const {
  return StageAnimation(parts_->model, parts_->look, wish);
}

QStringList ScopeWidget::save_figures(const QString& folder, const QString& stem) {
  QStringList written;
  for (std::size_t i = 0; i < parts_->model.figures().size(); ++i) {
    const FigureState& state = parts_->model.figures()[i];
    if (!state.shown) continue;
    const int figure = static_cast<int>(i);
    const QString key = QString::fromStdString(state.entry->traits().key);
    const QString name = QStringLiteral("%1-%2.png").arg(stem, key);
    export_figure(parts_->model, parts_->look, figure, folder + QLatin1Char('/') + name,
                  {parts_->size_of(figure), false});
    written << name;
  }
  return written;
}

void ScopeWidget::save_page(const std::vector<int>& figures, const QString& file, const FigurePage& wish) {
  export_sheet(parts_->model, parts_->look, figures, file, wish);
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
  ScopeScene(parts_->model, parts_->look, {view.width() / larger, view.height() / larger}, text_width)
      .draw(bold);
  return image;
}

FrameClock& ScopeWidget::clock() {
  return parts_->clock;
}

const FrameClock& ScopeWidget::clock() const {
  return parts_->clock;
}

}  // namespace grapevine
