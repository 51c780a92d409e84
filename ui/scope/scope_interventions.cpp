// What the stage's menus do to a run in progress: lesions and freezing of a layer's feedback, a calibration,
// a fork. What a rule has to change is its entry's to say (experiment/lesion.h).
#include <QMenu>

#include "engine/experiment/registry.h"
#include "ui/scope/asking.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {
namespace {

QString words_of(LesionKind kind) {
  switch (kind) {
    case LesionKind::randomise:
      return ScopeWidget::tr("Randomise");
    case LesionKind::zero:
      return ScopeWidget::tr("Set to zero");
    case LesionKind::rotate:
      return ScopeWidget::tr("Rotate");
    case LesionKind::jacobian:
      return ScopeWidget::tr("Take the exact Jacobian once");
  }
  return {};
}

constexpr double usual_angles[] = {15, 45, 90, 180};

}  // namespace

void ScopeWidget::Parts::add_layer_commands(QMenu& menu, const StagePlace& place) {
  QObject::connect(menu.addAction(ScopeWidget::tr("Inspect layer %1").arg(place.point)), &QAction::triggered,
                   &widget, [this, place] { Q_EMIT widget.inspectRequested(place.racer, place.point); });
  if (place.racer >= changeable) return;
  const Racer& racer = model.racers()[static_cast<std::size_t>(place.racer)];
  const RuleDescriptor* rule = find_rule(racer.run->rule);
  if (!rule) return;
  const auto offer = [&](QMenu& to, const QString& text, const LiveChange& change) {
    QAction* action = to.addAction(text);
    action->setObjectName(QString::fromStdString(to_text(change)));
    const std::string why_not = refusal(change, *rule);
    action->setEnabled(why_not.empty());
    action->setToolTip(QString::fromStdString(why_not));
    QObject::connect(action, &QAction::triggered, &widget,
                     [this, change] { Q_EMIT widget.change_requested(change); });
  };
  menu.setToolTipsVisible(true);
  QMenu* lesions_menu = menu.addMenu(ScopeWidget::tr("Lesion of layer %1").arg(place.point));
  lesions_menu->setObjectName(QStringLiteral("lesion"));
  lesions_menu->setToolTipsVisible(true);
  for (const LesionDescriptor& lesion : lesions()) {
    const auto made = [&](double degrees) {
      return LiveChange::lesion_of(place.point, {lesion.kind, degrees}, place.racer);
    };
    if (lesion.kind != LesionKind::rotate) {
      offer(*lesions_menu, words_of(lesion.kind), made(0));
      continue;
    }
    QMenu* angles = lesions_menu->addMenu(words_of(lesion.kind));
    const std::string why_not = rule->interventions.refusal(lesion.kind);
    angles->setEnabled(why_not.empty());
    angles->menuAction()->setToolTip(QString::fromStdString(why_not));
    for (const double degrees : usual_angles)
      offer(*angles, ScopeWidget::tr("by %1°").arg(degrees), made(degrees));
    QObject::connect(angles->addAction(ScopeWidget::tr("by another angle…")), &QAction::triggered, &widget,
                     [this, place] {
                       const auto degrees =
                           ask_number({ScopeWidget::tr("Rotate the feedback"), ScopeWidget::tr("Degrees:")},
                                      {.usual = 30, .least = -180, .most = 180, .decimals = 1}, &widget);
                       if (degrees)
                         Q_EMIT widget.change_requested(
                             LiveChange::lesion_of(place.point, {LesionKind::rotate, *degrees}, place.racer));
                     });
  }
  offer(menu, ScopeWidget::tr("Freeze its feedback"), LiveChange::freezing(place.point, true, place.racer));
  offer(menu, ScopeWidget::tr("Let its feedback learn again"),
        LiveChange::freezing(place.point, false, place.racer));
}

void ScopeWidget::Parts::add_column_commands(QMenu& menu, int racer) {
  const RunData& run = *model.racers()[static_cast<std::size_t>(racer)].run;
  const RuleDescriptor* rule = find_rule(run.rule);
  if (racer < changeable && rule) {
    QAction* calibrate = menu.addAction(ScopeWidget::tr("Calibrate now"));
    calibrate->setObjectName(QStringLiteral("calibrate_racer"));
    calibrate->setEnabled(rule->calibrates);
    if (!rule->calibrates)
      calibrate->setToolTip(
          ScopeWidget::tr("%1 has no matrices to calibrate").arg(QString::fromStdString(rule->name)));
    menu.setToolTipsVisible(true);
    QObject::connect(calibrate, &QAction::triggered, &widget,
                     [this, racer] { Q_EMIT widget.change_requested(LiveChange::calibration(racer)); });
  }
  if (run.id <= 0) return;
  QAction* fork = menu.addAction(ScopeWidget::tr("Fork from here…"));
  fork->setObjectName(QStringLiteral("fork_racer"));
  QObject::connect(fork, &QAction::triggered, &widget,
                   [this, racer] { Q_EMIT widget.fork_requested(racer); });
}

}  // namespace grapevine
