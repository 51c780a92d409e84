// What the tests of full disks share: this program started again as a child whose disk is full, and what it
// says.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>
#include <functional>
#include <iostream>

#include "tests/runs/support.h"

namespace grapevine {

inline void allow_files_to_grow(bool allowed) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = allowed ? limit.rlim_max : 1;
  setrlimit(RLIMIT_FSIZE, &limit);
}

inline Observations steps(std::int64_t first, std::int64_t last) {
  Observations news;
  for (std::int64_t step = first; step <= last; ++step)
    news.samples.push_back(sample(0, "loss", 0, step, 0.5));
  news.step = last;
  return news;
}

/// What the child programs say: the first sentence that is not true.
#define CLAIM(what)                                                 \
  if (!(what)) {                                                    \
    std::cout << "line " << __LINE__ << ": " << #what << std::endl; \
    return 1;                                                       \
  }

struct Told {
  std::string words;
  int status = 0;
};
inline Told error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return {error.what(), error.exit_status()};
  }
  return {};
}

/// A file system of our own for this process alone; false where nobody may have one.
inline bool mount_disk(const std::string& folder, int kilobytes) {
  static const bool alone =
      unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  const std::string size = "size=" + std::to_string(kilobytes) + "k";
  return alone && mount("none", folder.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

inline void run_child(const char* name) {
  Folder folder, cache;
  QProcess child;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("XDG_CACHE_HOME", cache.folder.path());
  child.setProcessEnvironment(environment);
  child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  child.start(QCoreApplication::applicationFilePath(), {name, QString::fromStdString(folder.database())});
  QVERIFY(child.waitForFinished(120000));
  QCOMPARE(QString(child.readAllStandardOutput()), QString());
  QCOMPARE(child.exitStatus(), QProcess::NormalExit);
  if (child.exitCode() == 77) QSKIP("only root in a sandbox that allows it can mount a small disk");
  QCOMPARE(child.exitCode(), 0);
}

}  // namespace grapevine
