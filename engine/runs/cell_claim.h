// The lock that says "a program trains this cell of a sweep", from before the cell's run has a row: of
// several sweeps of one grid on one database each cell is trained by one. A file next to the database, freed
// however the program ends. An object belongs to one thread.
#pragma once

#include <memory>
#include <string>

namespace grapevine {

class CellClaim {
 public:
  /// `cell`: a uuid made of the sweep and the cell's settings. nullptr when another program has it.
  /// Throws InputError when the lock can't be made.
  static std::unique_ptr<CellClaim> take(const std::string& database, const std::string& cell);
  virtual ~CellClaim() = default;
};

}  // namespace grapevine
