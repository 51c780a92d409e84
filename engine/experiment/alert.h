// Lines that measures may cross, as the setting `alerts` lists them: "cos_b_j[2]<0.2, test_accuracy>0.9".
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

struct Alert {
  int measure = 0;     ///< index in measures()
  int point = -1;      ///< a feedback point or segment from 1; -1 = whichever
  bool above = false;  ///< reports a rise over the line, else a fall below it
  double line = 0;
};

/// "" lists none. Throws InputError that says which part is wrong and what is allowed there.
std::vector<Alert> parse_alerts(std::string_view text);

}  // namespace grapevine
