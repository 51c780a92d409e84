// The scope's menus: what a figure shows, what can be done with it, how the whole is seen.
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMenu>
#include <QToolButton>

#include "engine/experiment/registry.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {

void ScopeWidget::Parts::make_menus() {
  controller.requests.measure_menu = [this](int figure, Point at) { show_measure_menu(figure, at); };
  controller.requests.context_menu = [this](int figure, Point at) { show_context_menu(figure, at); };
  controller.requests.event_chosen = [this](int racer, std::int64_t step) {
    Q_EMIT widget.event_chosen(racer, step);
  };
  auto* view = new QMenu(&widget);
  bar->menu_button().setMenu(view);
  QObject::connect(view, &QMenu::aboutToShow, view, [this, view] {
    view->clear();
    fill_view_menu(*view);
  });
}

void ScopeWidget::Parts::show_measure_menu(int figure, Point at) {
  auto* menu = new QMenu(&widget);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  bool separated = false;
  for (const int index : model.choices(figure)) {
    const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(index)];
    const bool has_data = model.measure_has_data(index, false);
    if (!has_data && !separated && !menu->isEmpty()) {
      menu->addSeparator()->setText(ScopeWidget::tr("Not measured in these runs"));
      separated = true;
    }
    QAction* action = menu->addAction(QString::fromStdString(measure.name));
    action->setToolTip(QString::fromStdString(measure.help));
    action->setCheckable(true);
    action->setChecked(!state.measures.empty() && state.measures.front() == index);
    action->setEnabled(has_data || !model.any_data());
    QObject::connect(action, &QAction::triggered, &widget, [this, figure, index] {
      model.choose_measure(figure, {index});
      changed();
    });
  }
  if (state.chosen && state.kind == FigureKind::lines) {
    menu->addSeparator();
    QObject::connect(menu->addAction(ScopeWidget::tr("Automatic")), &QAction::triggered, &widget,
                     [this, figure] {
                       model.figures()[static_cast<std::size_t>(figure)].chosen = false;
                       changed();
                     });
  }
  menu->popup(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()));
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
  menu->addSeparator();
  add(ScopeWidget::tr("Copy figure"), [this, figure] {
    QApplication::clipboard()->setImage(grapevine::figure_image(model, figure, export_size(figure), 2));
  });
  add(ScopeWidget::tr("Save figure …"), [this, figure] { save_figure(figure); });
  add(ScopeWidget::tr("Save the data in view …"), [this, figure] { save_data(figure, true); });
  add(ScopeWidget::tr("Save all data …"), [this, figure] { save_data(figure, false); });
  menu->addSeparator();
  add(stage ? ScopeWidget::tr("All figures in place of the stage") : ScopeWidget::tr("Hide this figure"),
      [this, figure, stage] {
        if (stage)
          model.view = ScopeView::figures;
        else
          model.figures()[static_cast<std::size_t>(figure)].shown = false;
        changed();
      });
  menu->popup(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()));
}

void ScopeWidget::Parts::add_stage_commands(QMenu& menu, Point at) {
  const ScopeLayout places = lay_out(model, controller.size(), guessed_text_width);
  const FigurePlace* place = places.place_of(model.stage_figure());
  if (!place) return;
  const auto built = build_stage(model, *place);
  const auto& stage = static_cast<const StageFigure&>(*built);
  if (const auto layer = stage.place_at(at)) {
    QString text;
    for (const FigureRow& row : grapevine::figure_rows(model, model.stage_figure(), false))
      if (row.point == layer->point &&
          row.run == model.racers()[static_cast<std::size_t>(layer->racer)].label)
        text += QString::fromStdString(row.measure) + '\t' + QString::number(row.value, 'g', 17) + '\n';
    QObject::connect(menu.addAction(ScopeWidget::tr("Copy the layer's numbers")), &QAction::triggered,
                     &widget, [text] { QApplication::clipboard()->setText(text); });
  }
  const auto column = stage.layout.column_at(at);
  if (!column) return;
  const int racer = stage.data.columns[static_cast<std::size_t>(*column)].racer;
  const QString label = QString::fromStdString(model.racers()[static_cast<std::size_t>(racer)].label);
  QObject::connect(menu.addAction(ScopeWidget::tr("Show %1 alone, or all").arg(label)), &QAction::triggered,
                   &widget, [this, racer] {
                     model.solo(racer);
                     changed();
                   });
  QObject::connect(menu.addAction(ScopeWidget::tr("Hide %1").arg(label)), &QAction::triggered, &widget,
                   [this, racer] {
                     model.set_visible(racer, false);
                     changed();
                   });
}

void ScopeWidget::Parts::fill_view_menu(QMenu& menu) {
  const auto add = [&](const QString& text, bool on, auto&& act) {
    QAction* action = menu.addAction(text);
    action->setCheckable(true);
    action->setChecked(on);
    QObject::connect(action, &QAction::triggered, &widget, std::forward<decltype(act)>(act));
  };
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    add(QString::fromStdString(model.title_of(static_cast<int>(i))), model.figures()[i].shown,
        [this, i](bool on) {
          model.figures()[i].shown = on;
          changed();
        });
  }
  menu.addSeparator();
  add(ScopeWidget::tr("One time axis for all figures"), model.linked(), [this](bool on) {
    model.set_linked(on);
    changed();
  });
  add(ScopeWidget::tr("Also use dash patterns"), model.dashes_everywhere, [this](bool on) {
    model.dashes_everywhere = on;
    changed();
  });
  add(ScopeWidget::tr("Logarithmic loss"), widget.log_loss(), [this](bool on) { widget.set_log_loss(on); });
}

QSize ScopeWidget::Parts::export_size(int figure) const {
  const ScopeLayout layout = lay_out(model, controller.size(), guessed_text_width);
  const FigurePlace* place = layout.place_of(figure);
  if (figure == model.stage_figure())
    return place ? QSizeF(place->area.width, place->area.height).toSize() : QSize(1300, 620);
  const double width = place ? std::max(480.0, place->area.width) : 800;
  const double height = place ? std::max(300.0, place->area.height + 60) : 450;
  return {static_cast<int>(width), static_cast<int>(height)};
}

void ScopeWidget::Parts::save_figure(int figure) {
  const QString file = QFileDialog::getSaveFileName(&widget, ScopeWidget::tr("Save figure"), "figure.pdf",
                                                    ScopeWidget::tr("Figures (*.pdf *.svg *.png)"));
  if (file.isEmpty()) return;
  QString error;
  const bool done = widget.export_figure(figure, file, export_size(figure), &error);
  Q_EMIT widget.message(done ? ScopeWidget::tr("Saved %1").arg(file) : error);
}

void ScopeWidget::Parts::save_data(int figure, bool only_visible) {
  const QString file = QFileDialog::getSaveFileName(&widget, ScopeWidget::tr("Save data"), "figure.csv",
                                                    ScopeWidget::tr("Data (*.csv *.json)"));
  if (file.isEmpty()) return;
  QString error;
  const bool done = widget.save_figure_data(figure, only_visible, file, &error);
  Q_EMIT widget.message(done ? ScopeWidget::tr("Saved %1").arg(file) : error);
}

}  // namespace grapevine
