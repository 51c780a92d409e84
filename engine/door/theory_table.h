// What a theory study returns: a table of numbers with words around it. Plain C++; a value type.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

struct TheoryTable {
  std::string study;                   ///< "concentration"
  std::string title;                   ///< one line
  std::vector<std::string> columns;    ///< names of a row's values, as in JSON
  std::vector<std::string> row_names;  ///< of each row, "" where a row needs none
  std::vector<std::vector<double>> rows;
  std::vector<std::string> notes;  ///< what was assumed, for people
};

}  // namespace grapevine
