// What the process may use: a core where taskset leaves one, the quota of a control group, OMP_NUM_THREADS.
#include <sched.h>

#include <QtTest>
#include <cstdlib>

#include "engine/files/machine.h"

using namespace grapevine;

class TestMachine : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void affinity_counts();
  void quotas_of_both_versions_are_read();
  void openmp_s_variable_is_the_default();
  void memory_is_known();
  void gpus_are_those_that_may_be_seen();
};

void TestMachine::affinity_counts() {
  cpu_set_t before, one;
  QCOMPARE(sched_getaffinity(0, sizeof before, &before), 0);
  QVERIFY(usable_cores() >= 1 && usable_cores() <= CPU_COUNT(&before));
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &before)) {
      CPU_SET(core, &one);
      break;
    }
  QCOMPARE(sched_setaffinity(0, sizeof one, &one), 0);
  const int cores = usable_cores();
  QCOMPARE(sched_setaffinity(0, sizeof before, &before), 0);
  QCOMPARE(cores, 1);
}

void TestMachine::quotas_of_both_versions_are_read() {
  QCOMPARE(quota_of("150000 100000"), 1.5);
  QCOMPARE(quota_of("max 100000"), 0.0);
  QCOMPARE(quota_of("-1 100000"), 0.0);
  QCOMPARE(quota_of(""), 0.0);
}

void TestMachine::openmp_s_variable_is_the_default() {
  QCOMPARE(threads_asked("4"), 4);
  QCOMPARE(threads_asked("3,2"), 3);
  for (const char* none : {"", "0", "-2", "many", "4x"}) QCOMPARE(threads_asked(none), 0);
  QCOMPARE(threads_asked(nullptr), 0);
  qputenv("OMP_NUM_THREADS", "3");
  QCOMPARE(default_threads(), 3);
  qunsetenv("OMP_NUM_THREADS");
  QCOMPARE(default_threads(), usable_cores());
}

void TestMachine::gpus_are_those_that_may_be_seen() {
  using Names = std::vector<std::string>;
  QCOMPARE(names_of_gpus(3, nullptr), (Names{"0", "1", "2"}));
  QCOMPARE(names_of_gpus(2, "1,3"), (Names{"1", "3"}));
  QCOMPARE(names_of_gpus(1, "GPU-8932f937"), (Names{"GPU-8932f937"}));
  // What the library does not see isn't there, whatever the variable names.
  QCOMPARE(names_of_gpus(1, "1,3"), Names{"1"});
  QVERIFY(names_of_gpus(0, "0").empty() && names_of_gpus(0, nullptr).empty());
}

void TestMachine::memory_is_known() {
  QVERIFY(usable_memory() > (std::int64_t{1} << 26));
  QVERIFY(memory_for_data() < usable_memory());
}

QTEST_APPLESS_MAIN(TestMachine)
#include "test_machine.moc"
