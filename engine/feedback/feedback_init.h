// How a direct feedback matrix starts (rule.init; learning-rules §2). Plain C++; any thread may call.
#pragma once

#include "engine/experiment/bound_settings.h"

namespace grapevine {

enum class FeedbackInit { normal, uniform, kaiming, xavier, zero };

/// `zero_too`: not for a rule that turns directions, which can't start from zero.
inline void bind_feedback_init(Binder& to, FeedbackInit& member, bool zero_too = true) {
  WordsOf<FeedbackInit> words{{"normal", FeedbackInit::normal},
                              {"uniform", FeedbackInit::uniform},
                              {"kaiming", FeedbackInit::kaiming},
                              {"xavier", FeedbackInit::xavier}};
  std::string help = "how the feedback matrices start: N(0,1), U(±1/√n), N(0,2/C), Xavier's";
  if (zero_too)
    words.emplace_back("zero", FeedbackInit::zero), help += ", or zeros";
  else
    help += " (not zero: a zero column has no direction to turn)";
  to.choice(member, "init", std::move(words), std::move(help));
}

}  // namespace grapevine
