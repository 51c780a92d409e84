// The careful way of writing where the system refuses at the n-th call, for every n: an I/O error, no space,
// a short write, an interruption, a lock. The old content stays or the whole new one is there, nothing is
// left behind, and the message names the file. The program's own write(), fsync() … stand before the C
// library's, for its libraries too.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/runs/checkpoint_file.h"

namespace {

int calls = 0, fails_at = 0, fault = 0;  ///< `fault` 0: a write takes half of what it is given

bool strikes() {
  return fails_at > 0 && ++calls == fails_at;
}

/// What the call returns; `does` makes the call itself.
template <class Call>
long unless_it_strikes(Call does) {
  if (!strikes() || fault == 0) return does();
  errno = fault;
  return -1;
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) ssize_t write(int file, const void* data, size_t size) {
  if (fails_at == 0) return syscall(SYS_write, file, data, size);
  if (!strikes()) return syscall(SYS_write, file, data, size);
  if (fault == 0) return syscall(SYS_write, file, data, size > 1 ? size / 2 : size);
  errno = fault;
  return -1;
}
__attribute__((visibility("default"))) int fsync(int file) {
  return static_cast<int>(unless_it_strikes([&] { return syscall(SYS_fsync, file); }));
}
__attribute__((visibility("default"))) int rename(const char* from, const char* to) {
  return static_cast<int>(unless_it_strikes([&] { return syscall(SYS_rename, from, to); }));
}
}

using namespace grapevine;
namespace fs = std::filesystem;

class TestFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_old_content_or_the_whole_new_one_data();
  void the_old_content_or_the_whole_new_one();
  void a_set_of_checkpoints_is_there_whole_or_not_at_all();
};

void TestFaults::the_old_content_or_the_whole_new_one_data() {
  QTest::addColumn<int>("error");
  QTest::newRow("I/O error") << EIO;
  QTest::newRow("no space") << ENOSPC;
  QTest::newRow("short write") << 0;
  QTest::newRow("interrupted") << EINTR;
  QTest::newRow("locked") << EAGAIN;
}

void TestFaults::the_old_content_or_the_whole_new_one() {
  QFETCH(int, error);
  const QTemporaryDir folder;
  const std::string path = folder.filePath("file").toStdString();
  const std::string before = "what was there", after(100000, 'n');
  for (int n = 1;; ++n) {
    std::ofstream(path, std::ios::trunc) << before;
    calls = 0;
    fault = error;
    fails_at = n;
    std::string refusal;
    try {
      CarefulFile file(path);
      file.put(std::string_view(after).substr(0, 40000));
      file.put(std::string_view(after).substr(40000));
      file.place();
    } catch (const Error& trouble) {
      refusal = trouble.what();
    }
    const bool all_tried = calls < n;
    fails_at = 0;
    std::ifstream file(path);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    if (refusal.empty()) {
      QVERIFY(content == after);
    } else {
      QVERIFY(content == before || content == after);  // the folder could not be synced: it is there
      QVERIFY2(refusal.find(path) != std::string::npos, refusal.c_str());
    }
    if (error == 0 || error == EINTR) QVERIFY2(refusal.empty(), refusal.c_str());
    QCOMPARE(std::distance(fs::directory_iterator(folder.path().toStdString()), {}), 1);
    if (all_tried) {
      QVERIFY(n > 4);
      return;
    }
  }
}

// Also where the first ones bear their names already.
void TestFaults::a_set_of_checkpoints_is_there_whole_or_not_at_all() {
  const QTemporaryDir folder;
  Checkpoint state;
  state.step = 3;
  std::vector<NamedCheckpoint> all;
  for (int racer = 0; racer < 3; ++racer)
    all.push_back({folder.filePath(QString::number(racer)).toStdString(), &state});
  for (int n = 1;; ++n) {
    calls = 0;
    fault = ENOSPC;
    fails_at = n;
    bool refused = false;
    try {
      write_checkpoints(all);
    } catch (const Error&) {
      refused = true;
    }
    const bool all_tried = calls < n;
    fails_at = 0;
    const auto there = std::distance(fs::directory_iterator(folder.path().toStdString()), {});
    // Where the folder could not be synced at last they are there, and nobody says otherwise.
    QCOMPARE(there, refused ? 0 : 3);
    if (all_tried) {
      QVERIFY(!refused && n > 12);  // of each file at least two writes, a sync and a new name
      return;
    }
    for (const NamedCheckpoint& one : all) fs::remove(one.path);
  }
}

QTEST_GUILESS_MAIN(TestFaults)
#include "test_faults.moc"
