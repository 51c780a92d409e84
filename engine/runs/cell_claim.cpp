#include "engine/runs/cell_claim.h"

#include <chrono>
#include <optional>
#include <utility>

#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"

namespace grapevine {
namespace {

class Claim : public CellClaim {
 public:
  explicit Claim(LockFile lock) : lock_(std::move(lock)) {}

 private:
  LockFile lock_;
};

}  // namespace

std::unique_ptr<CellClaim> CellClaim::take(const std::string& database, const std::string& cell) {
  std::optional<LockFile> lock =
      LockFile::take(beside(database, "-locks") + "/" + cell + ".lock", std::chrono::milliseconds(0));
  return lock ? std::make_unique<Claim>(std::move(*lock)) : nullptr;
}

}  // namespace grapevine
