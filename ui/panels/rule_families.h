// Learning rules by the way that their feedback takes, as the form offers them: what each family is called,
// and the stage's drawing of it in small. The window's thread only.
#pragma once

#include <QPalette>
#include <QPixmap>
#include <QString>
#include <span>

namespace grapevine {

struct RuleDescriptor;

enum class RuleFamily {
  exact,            ///< the gradient itself
  transport,        ///< from layer to layer through weights of its own
  direct,           ///< from the error to each layer, through matrices that stay
  direct_learning,  ///< the same through matrices that learn
  no_feedback       ///< none to the layers
};

/// In the order of the form.
std::span<const RuleFamily> rule_families();
RuleFamily family_of(const RuleDescriptor& rule);
QString title_of_family(RuleFamily family);
QString help_of_family(RuleFamily family);
/// Three boxes and the arrows of feedback to them.
QPixmap drawing_of_family(RuleFamily family, const QPalette& palette, double pixel_ratio);

}  // namespace grapevine
