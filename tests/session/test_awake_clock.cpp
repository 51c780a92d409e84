// Time in which the program was held does not count as training.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>
#include <thread>

#include "engine/session/awake_clock.h"

using namespace grapevine;

namespace {

double seconds_since(AwakeClock::time_point begin) {
  return std::chrono::duration<double>(AwakeClock::now() - begin).count();
}

volatile sig_atomic_t heard = 0;

}  // namespace

class TestAwakeClock : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    // Who listened before continues to hear of it.
    ::signal(SIGCONT, [](int) { heard = heard + 1; });
    AwakeClock::now();
  }
  void it_goes_with_the_steady_clock() {
    const auto begin = AwakeClock::now();
    const auto steady = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - steady).count();
    QVERIFY(seconds_since(begin) >= 0.05);
    QVERIFY(seconds_since(begin) >= 0.9 * passed);
  }
  void it_stands_still_while_the_program_is_held() {
    // A child stops this process and lets it continue after a second.
    const pid_t self = getpid();
    QVERIFY(self > 1);
    const auto steady = std::chrono::steady_clock::now();
    const auto begin = AwakeClock::now();
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
      ::kill(self, SIGSTOP);
      ::usleep(1000000);
      ::kill(self, SIGCONT);
      ::_exit(0);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - steady).count();
    QVERIFY(passed >= 1);
    QVERIFY2(seconds_since(begin) <= passed - 0.5, qPrintable(QString::number(seconds_since(begin))));
    QVERIFY(heard > 0);
    // And it continues.
    const auto then = AwakeClock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    QVERIFY(seconds_since(then) >= 0.02);
  }
};

QTEST_GUILESS_MAIN(TestAwakeClock)
#include "test_awake_clock.moc"
