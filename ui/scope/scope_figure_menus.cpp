// The scope's menus of one figure: what it shows, along which axes, where it is; and of figures to add.
#include <QMenu>
#include <functional>

#include "engine/experiment/registry.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {
namespace {

constexpr int kNothingToCheck = -2;

/// Of the measures that a kind of figure offers, those of the theory or all others.
std::vector<int> offered(const ScopeModel& model, const FigureEntry& entry, bool of_theory) {
  std::vector<int> found = model.choices(entry);
  std::erase_if(found, [&](int index) {
    return is_of_theory(measures()[static_cast<std::size_t>(index)]) != of_theory;
  });
  return found;
}

/// Those with data first, the others behind a heading and disabled while there are any data.
void add_some(QMenu& menu, const ScopeModel& model, const std::vector<int>& some, int checked,
              const std::function<void(int)>& take) {
  menu.setToolTipsVisible(true);
  bool separated = false;
  for (const int index : some) {
    const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(index)];
    const bool has_data = model.measure_has_data(index, false);
    if (!has_data && !separated && !menu.isEmpty()) {
      menu.addSeparator()->setText(ScopeWidget::tr("Not measured in these runs"));
      separated = true;
    }
    QAction* action = menu.addAction(QString::fromStdString(measure.name));
    action->setToolTip(QString::fromStdString(measure.help));
    action->setCheckable(checked != kNothingToCheck);
    action->setChecked(checked == index);
    action->setEnabled(has_data || !model.any_data());
    QObject::connect(action, &QAction::triggered, &menu, [take, index] { take(index); });
  }
}

void add_theory(QMenu& menu, const ScopeModel& model, const FigureEntry& entry, int checked,
                const std::function<void(int)>& take) {
  const std::vector<int> theory = offered(model, entry, true);
  if (theory.empty()) return;
  QMenu* group = menu.addMenu(ScopeWidget::tr("Theory along the run"));
  add_some(*group, model, theory, checked, take);
}

/// All that a kind of figure offers; what the theory speaks of in a menu of its own.
void add_measures(QMenu& menu, const ScopeModel& model, const FigureEntry& entry, int checked,
                  const std::function<void(int)>& take) {
  add_some(menu, model, offered(model, entry, false), checked, take);
  add_theory(menu, model, entry, checked, take);
}

}  // namespace

void ScopeWidget::Parts::show_measure_menu(int figure, Point at) {
  auto* menu = new QMenu(&widget);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  const int now = state.measures.empty() ? -1 : state.measures.front();
  const auto choose = [this, figure](int measure) {
    model.choose_measure(figure, {measure});
    changed();
  };
  if (state.entry->traits().two_axes) {
    add_measures(*menu->addMenu(ScopeWidget::tr("Upwards")), model, *state.entry, now, choose);
    add_measures(*menu->addMenu(ScopeWidget::tr("To the right")), model, *state.entry, state.across,
                 [this, figure](int measure) {
                   model.choose_across(figure, measure);
                   changed();
                 });
  } else {
    add_measures(*menu, model, *state.entry, now, choose);
  }
  if ((state.chosen || state.across >= 0) && !state.added && !state.entry->traits().of_layers) {
    menu->addSeparator();
    QObject::connect(menu->addAction(ScopeWidget::tr("Automatic")), &QAction::triggered, &widget,
                     [this, figure] {
                       FigureState& its = model.figures()[static_cast<std::size_t>(figure)];
                       its.chosen = false;
                       its.across = -1;
                       changed();
                     });
  }
  menu->popup(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()));
}

void ScopeWidget::Parts::show_add_menu(Point at) {
  auto* menu = new QMenu(&widget);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  fill_add_menu(*menu);
  menu->popup(canvas->widget().mapToGlobal(QPointF(at.x, at.y).toPoint()));
}

void ScopeWidget::Parts::fill_add_menu(QMenu& menu) {
  const bool full = model.figures().size() >= kMostFigures;
  for (const FigureEntry* entry : figure_entries()) {
    const FigureTraits& traits = entry->traits();
    if (!traits.title_menu) continue;  // of those without a choice one is enough
    QMenu* kind = menu.addMenu(QString::fromStdString(traits.title));
    kind->setEnabled(!full);
    const auto add = [this, key = traits.key](int measure) {
      const int figure = model.add_figure(key, {measure});
      if (figure < 0) return;
      model.chosen_figure = figure;
      controller.bring_into_view(figure);
      changed();
    };
    if (traits.two_axes) {
      add_measures(*kind, model, *entry, kNothingToCheck, add);
      continue;
    }
    add_some(*kind, model, offered(model, *entry, false), kNothingToCheck, add);
    if (!full) add_theory(menu, model, *entry, kNothingToCheck, add);
  }
  if (full) menu.addAction(ScopeWidget::tr("There are as many figures as there can be"))->setEnabled(false);
}

void ScopeWidget::Parts::add_axis_commands(QMenu& menu, int figure) {
  const FigureTraits& traits = model.figures()[static_cast<std::size_t>(figure)].entry->traits();
  const auto add = [&](const QString& text, bool on, auto&& act) {
    QAction* action = menu.addAction(text);
    action->setCheckable(true);
    action->setChecked(on);
    QObject::connect(action, &QAction::triggered, &widget, [this, act](bool checked) {
      act(checked);
      changed();
    });
  };
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  if (traits.height_moves || traits.two_axes)
    add(ScopeWidget::tr("Logarithmic height"), state.log, [this, figure](bool on) {
      FigureState& its = model.figures()[static_cast<std::size_t>(figure)];
      its.log = on;
      its.y_fixed = false;
    });
  if (traits.two_axes)
    add(ScopeWidget::tr("Logarithmic width"), state.log_across,
        [this, figure](bool on) { model.figures()[static_cast<std::size_t>(figure)].log_across = on; });
  if (traits.handling == FigureHandling::time)
    add(ScopeWidget::tr("Logarithmic time"), model.log_time(), [this](bool on) { model.set_log_time(on); });
}

void ScopeWidget::Parts::add_place_commands(QMenu& menu, int figure) {
  struct Command {
    ScopeKey key;
    QString text;
  };
  QMenu* place = menu.addMenu(ScopeWidget::tr("Place"));
  for (const Command& command :
       {Command{ScopeKey::figure_back, ScopeWidget::tr("Move back")},
        Command{ScopeKey::figure_forward, ScopeWidget::tr("Move on")},
        Command{ScopeKey::figure_to_other_column, ScopeWidget::tr("To the other column")},
        Command{ScopeKey::taller, ScopeWidget::tr("Taller")},
        Command{ScopeKey::shorter, ScopeWidget::tr("Shorter")}})
    QObject::connect(place->addAction(command.text), &QAction::triggered, &widget,
                     [this, figure, key = command.key] {
                       model.chosen_figure = figure;
                       controller.handle(key);
                       changed();
                     });
}

}  // namespace grapevine
