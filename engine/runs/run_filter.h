// The expressions by which runs are chosen, in the terminal and in the window:
//
//   filter     = and { "or" and }
//   and        = not { ["and"] not }
//   not        = "not" not | "(" filter ")" | comparison | word
//   comparison = key ("=" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "~") value
//
// Keys are those of run_key.h; a value is a bare word or a text in single or double quotes (in which it
// doubles itself). `~` asks for a part, whatever the case; a word alone means text~word. Numbers are
// compared as such, other texts letter by letter. What a run hasn't got fits no comparison but `!=`. Values;
// any thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/runs/run_key.h"

namespace grapevine {

class RunFilter {
 public:
  /// Fits every run.
  RunFilter() = default;
  /// Throws InputError that says where the expression is incomplete; an empty one fits every run.
  static RunFilter parse(std::string_view text);

  /// What accepts() needs to know of a run, in this order.
  const std::vector<RunKey>& keys() const { return keys_; }
  bool accepts(std::span<const RunCell> cells) const;
  /// The same; what decides nothing any more is not asked for. `cell`: what the run has under a key.
  bool accepts_asking(const std::function<RunCell(std::size_t key)>& cell) const;

  struct Node;

 private:
  std::vector<RunKey> keys_;
  std::shared_ptr<const Node> root_;
};

}  // namespace grapevine
