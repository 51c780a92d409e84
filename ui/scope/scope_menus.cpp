// The scope's menus: what a figure shows, what can be done with it, how the whole is seen.
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QColorDialog>
#include <QMenu>
#include <QWhatsThis>

#include "engine/experiment/registry.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {

namespace {

/// How to read a figure: in words, the measures' own where it shows measures.
QString explanation_of(const ScopeModel& model, int figure) {
  QString text =
      QStringLiteral("<b>%1</b>").arg(QString::fromStdString(model.title_of(figure)).toHtmlEscaped());
  for (const QString& paragraph : entry_of(model, figure).explanation(state_of(model, figure)))
    text += QStringLiteral("<p>%1</p>").arg(paragraph.toHtmlEscaped());
  return text;
}

}  // namespace

void ScopeWidget::Parts::make_menus() {
  controller.requests.measure_menu = [this](int figure, Point at) { show_measure_menu(figure, at); };
  controller.requests.context_menu = [this](int figure, Point at) { show_context_menu(figure, at); };
  controller.requests.event_chosen = [this](int racer, std::int64_t step) {
    Q_EMIT widget.event_chosen(racer, step);
  };
  controller.requests.undo = [this] { Q_EMIT widget.undo_requested(); };
  controller.requests.inspect = [this](const StagePlace& place) {
    Q_EMIT widget.inspectRequested(place.racer, place.point);
  };
  controller.requests.add_menu = [this](Point at) { show_add_menu(at); };
  controller.requests.chip_menu = [this](int racer, Point at) { show_chip_menu(racer, at); };
}

void ScopeWidget::Parts::show_context_menu(int figure, Point at) {
  auto* menu = new QMenu(&widget);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, auto&& act) {
    QObject::connect(menu->addAction(text), &QAction::triggered, &widget, std::forward<decltype(act)>(act));
  };
  const bool stage = figure == model.stage_figure();
  if (stage) {
    add_stage_commands(*menu, at);
  } else {
    add(ScopeWidget::tr("Fit"), [this, figure] {
      model.fit(figure);
      changed();
    });
    add(ScopeWidget::tr("Put the second cursor here"), [this, cursor = model.cursor] {
      model.anchor = cursor;
      changed();
    });
  }
  add_axis_commands(*menu, figure);
  add(ScopeWidget::tr("How to read this"), [this, figure, at] {
    QWhatsThis::showText(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()),
                         explanation_of(model, figure), &canvas->widget());
  });
  menu->addSeparator();
  add(ScopeWidget::tr("Copy figure"), [this, figure] {
    QApplication::clipboard()->setImage(figure_image(model, look, figure, size_of(figure), 2));
  });
  add(ScopeWidget::tr("Save figure…"), [this, figure] { save(figure, FigureForm::picture, false); });
  add(ScopeWidget::tr("Save the data in view…"), [this, figure] { save(figure, FigureForm::numbers, true); });
  add(ScopeWidget::tr("Save all data…"), [this, figure] { save(figure, FigureForm::numbers, false); });
  if (stage) add(ScopeWidget::tr("Save as an animation…"), [this] { Q_EMIT widget.animation_requested(); });
  menu->addSeparator();
  menu->addMenu(widget.make_figures_menu(menu));
  if (!stage) add_place_commands(*menu, figure);
  add(stage ? ScopeWidget::tr("All figures in place of the stage")
      : model.figures()[static_cast<std::size_t>(figure)].added ? ScopeWidget::tr("Remove this figure")
                                                                : ScopeWidget::tr("Hide this figure"),
      [this, figure] {
        model.remove_figure(figure);
        changed();
      });
  menu->popup(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()));
}

void ScopeWidget::Parts::add_stage_commands(QMenu& menu, Point at) {
  const ScopeLayout places = lay_out(model, controller.size(), guessed_text_width);
  const FigurePlace* place = places.place_of(model.stage_figure());
  if (!place) return;
  const auto built = build_stage(model, look, *place);
  const StageFigure& stage = *built;
  if (const auto layer = stage.place_at(at)) {
    add_layer_commands(menu, *layer);
    QString text;
    for (const FigureRow& row : figure_rows(model, model.stage_figure(), false))
      if (row.point == layer->point &&
          row.run == model.racers()[static_cast<std::size_t>(layer->racer)].label)
        text += QString::fromStdString(row.measure) + '\t' + QString::number(row.value, 'g', 17) + '\n';
    QObject::connect(menu.addAction(ScopeWidget::tr("Copy the layer's numbers")), &QAction::triggered,
                     &widget, [text] { QApplication::clipboard()->setText(text); });
  }
  const auto column = stage.layout.column_at(at);
  if (!column) return;
  const int racer = stage.data.columns[static_cast<std::size_t>(*column)].racer;
  menu.addSeparator();
  add_racer_commands(menu, racer);
  add_colour_commands(menu, racer);
  add_column_commands(menu, racer);
}

void ScopeWidget::Parts::add_racer_commands(QMenu& menu, int racer) {
  const auto add = [&](const QString& text, auto&& act) {
    QObject::connect(menu.addAction(text), &QAction::triggered, &widget, [this, act] {
      act();
      changed();
    });
  };
  const QString label = QString::fromStdString(model.racers()[static_cast<std::size_t>(racer)].label);
  add(ScopeWidget::tr("Show %1 alone, or all").arg(label), [this, racer] { model.solo(racer); });
  if (model.visible(racer))
    add(ScopeWidget::tr("Hide %1").arg(label), [this, racer] { model.set_visible(racer, false); });
  else
    add(ScopeWidget::tr("Show %1").arg(label), [this, racer] { model.set_visible(racer, true); });
}

void ScopeWidget::Parts::add_colour_commands(QMenu& menu, int racer) {
  const RunData& run = *model.racers()[static_cast<std::size_t>(racer)].run;
  if (run.id == 0) return;  // a group's mean, or not stored yet: nothing would keep it
  QObject::connect(menu.addAction(ScopeWidget::tr("Color…")), &QAction::triggered, &widget, [this, racer] {
    const Colour now = look.colour_of(model, racer);
    const QColor chosen =
        QColorDialog::getColor(QColor::fromRgb(now), &widget, ScopeWidget::tr("Color of a run"));
    if (chosen.isValid()) Q_EMIT widget.colour_chosen(racer, static_cast<int>(chosen.rgb() & 0xffffff));
  });
  if (run.colour_chosen)
    QObject::connect(menu.addAction(ScopeWidget::tr("The rule's own color")), &QAction::triggered, &widget,
                     [this, racer] { Q_EMIT widget.colour_chosen(racer, -1); });
}

void ScopeWidget::Parts::show_chip_menu(int racer, Point at) {
  auto* menu = new QMenu(&widget);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  add_racer_commands(*menu, racer);
  add_colour_commands(*menu, racer);
  menu->popup(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()));
}

void ScopeWidget::Parts::fill_figures_menu(QMenu& menu) {
  const ScopeLayout layout = lay_out(model, controller.size(), guessed_text_width);
  const std::vector<std::string> names = model.figure_names();
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const int figure = static_cast<int>(i);
    const FigureState& state = model.figures()[i];
    QString name = QString::fromStdString(names[i]);
    const bool stage = figure == model.stage_figure();
    const bool elsewhere = stage && model.view == ScopeView::figures;
    if (state.shown && !elsewhere && !layout.place_of(figure))
      name = ScopeWidget::tr("%1 (not beneath the stage)").arg(name);
    QAction* action = menu.addAction(name);
    action->setCheckable(true);
    action->setChecked(state.shown && !elsewhere);
    QObject::connect(action, &QAction::triggered, &widget, [this, i, stage](bool on) {
      if (stage)
        model.view = on ? ScopeView::stage : ScopeView::figures;
      else
        model.figures()[i].shown = on;
      changed();
    });
  }
  add_ways_to_figures(menu, layout);
  menu.addSeparator();
  fill_add_menu(*menu.addMenu(ScopeWidget::tr("Add a figure")));
  QObject::connect(menu.addAction(ScopeWidget::tr("Show all")), &QAction::triggered, &widget, [this] {
    for (FigureState& state : model.figures()) state.shown = true;
    changed();
  });
}

/// To each figure that has no room in view.
void ScopeWidget::Parts::add_ways_to_figures(QMenu& menu, const ScopeLayout& layout) {
  std::vector<int> out_of_view = layout.further(false);
  for (const int figure : layout.further(true)) out_of_view.push_back(figure);
  if (out_of_view.empty()) return;
  const std::vector<std::string> names = model.figure_names();
  menu.addSeparator();
  for (const int figure : out_of_view) {
    const QString name = QString::fromStdString(names[static_cast<std::size_t>(figure)]);
    QObject::connect(menu.addAction(ScopeWidget::tr("Go to %1").arg(name)), &QAction::triggered, &widget,
                     [this, figure] {
                       model.chosen_figure = figure;
                       controller.bring_into_view(figure);
                       changed();
                     });
  }
}

void ScopeWidget::Parts::fill_layers_menu(QMenu& menu) {
  const auto add = [&](const QString& text, int racer) {
    QAction* action = menu.addAction(text);
    action->setCheckable(true);
    action->setChecked(model.layer_racer() == racer);
    QObject::connect(action, &QAction::triggered, &widget,
                     [this, racer] { widget.change()->set_layer_racer(racer); });
  };
  add(ScopeWidget::tr("All runs shown"), -1);
  for (std::size_t i = 0; i < model.racers().size(); ++i)
    add(QString::fromStdString(model.racers()[i].label), static_cast<int>(i));
}

QSize ScopeWidget::Parts::size_of(int figure) const {
  const ScopeLayout layout = lay_out(model, controller.size(), guessed_text_width);
  return export_size(model, figure, layout.place_of(figure));
}

void ScopeWidget::Parts::save(int figure, FigureForm form, bool only_visible) {
  const SavedFigure saved = widget.save_figure(&widget, figure, form, only_visible);
  if (saved.file.isEmpty()) return;
  Q_EMIT widget.message(saved.trouble.isEmpty() ? ScopeWidget::tr("Saved %1").arg(saved.file)
                                                : saved.trouble);
}

}  // namespace grapevine
