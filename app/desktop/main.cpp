// The desktop program: arguments, folders, the engine opened next to the window, and the window.
#include <QApplication>
#include <QFileInfo>
#include <QIcon>
#include <QLocale>
#include <QSessionManager>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <exception>
#include <thread>

#include "app/desktop/arguments.h"
#include "app/desktop/bench_window.h"
#include "app/desktop/display.h"
#include "app/desktop/last_exit.h"
#include "app/desktop/screenshot.h"
#include "app/desktop/stop_signals.h"
#include "engine/data/paths.h"
#include "engine/data/places.h"
#include "engine/door/engine_api.h"
#include "engine/files/error_words.h"
#include "engine/files/memory.h"
#include "engine/files/unfinished.h"
#include "ui/panels/library_commands.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/shown_locale.h"
#include "ui/scope/scope_widget.h"

namespace {

constexpr std::chrono::seconds patience_at_exit{15};  // the store itself gives up after 5

// Opening LibTorch takes most of a second: it happens while the user looks at the window, so that Play is at
// once.
std::thread warm_engine() {
  return std::thread([] {
    try {
      grapevine::load_engine();
    } catch (const std::exception&) {
      // Told where it is used: by the estimate and by the run.
    }
  });
}

/// The one that was built, or installed, with this program.
QString terminal_program() {
  const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/grapevine-cli");
  return QFileInfo::exists(beside) ? beside : QStandardPaths::findExecutable(QStringLiteral("grapevine-cli"));
}

grapevine::WindowParts window_parts(const grapevine::Arguments& arguments, const QString& temporary) {
  grapevine::WindowParts parts;
  parts.make_stepper = grapevine::engine_steppers();
  parts.estimate = [](const grapevine::Experiment& experiment) {
    return grapevine::load_engine().estimate(experiment);
  };
  const grapevine::Paths paths = grapevine::Paths::choose(arguments.data_dir);
  grapevine::use_data_dir(arguments.data_dir);
  parts.database = QString::fromStdString(arguments.database);
  // A data folder of its own has a database of its own, whatever another start remembered.
  if (parts.database.isEmpty() && !arguments.data_dir.empty())
    parts.database = QString::fromStdString(paths.database());
  parts.usual_database = QString::fromStdString(paths.database());
  parts.terminal_program = terminal_program();
  parts.config_folder = paths.config;
  parts.use_opengl = arguments.use_opengl;
  parts.dark = arguments.dark;
  parts.plan = arguments.plan;
  if (arguments.size) parts.size = QSize(arguments.size->first, arguments.size->second);
  if (!arguments.screenshot.empty() || arguments.bench) {
    // A picture, or a measurement, depends on the command line alone.
    parts.config_folder.clear();
    parts.ask_before_closing = false;
    if (!parts.size) parts.size = QSize(1600, 1000);
    if (parts.database.isEmpty()) parts.database = temporary + QStringLiteral("/grapevine.db");
    if (!parts.dark) parts.dark = false;
  }
  return parts;
}

int run_window(QApplication& app, const grapevine::Arguments& arguments) {
  QTemporaryDir temporary;
  grapevine::MainWindow window(window_parts(arguments, temporary.path()));
  const grapevine::ViewChoice* view = arguments.view ? &*arguments.view : nullptr;
  const bool looks_into_layer = view && view->layer > 0;
  if (view && !looks_into_layer) window.show_view(*view);
  if (arguments.stage_only) window.show_stage_only();
  if (looks_into_layer) window.show_view(*view);  // behind the line above, which puts panels away
  if (!arguments.link.empty()) window.open_link(QString::fromStdString(arguments.link));
  if (!arguments.lesson.empty()) window.open_lesson(QString::fromStdString(arguments.lesson));
  if (!arguments.to_import.empty())
    window.library()->edits()->import_files({QString::fromStdString(arguments.to_import)});
  const grapevine::StopSignals stop_signals([&window] { window.stop_and_close(); });
  QObject::connect(
      &app, &QGuiApplication::commitDataRequest, &window,
      [&window](QSessionManager&) { window.store_before_the_session_ends(); }, Qt::DirectConnection);
  grapevine::LastExit last_exit([&window] { window.run()->store_without_events(); }, patience_at_exit);
  // Before anything is computed, however busy the window is; and when more of LibTorch was put to use.
  grapevine::when_engine_opened(&grapevine::LastExit::come_first);
  for (const auto signal : {&grapevine::RunController::prepared, &grapevine::RunController::state_changed})
    QObject::connect(window.run(), signal, &window, &grapevine::LastExit::come_first);
  std::thread engine;
  if (arguments.bench) {
    window.show();
    int status = 0;
    QTimer::singleShot(0, &window, [&] {
      status = grapevine::bench_window(window);
      QCoreApplication::quit();
    });
    app.exec();
    return status;
  }
  if (arguments.screenshot.empty()) {
    window.show();
    if (arguments.present) {
      window.showFullScreen();
      window.set_presenting(true);
    }
    QTimer::singleShot(0, &window, [&] {
      engine = warm_engine();
      if (arguments.play) window.start_from_form();
    });
  } else {
    window.show();
    if (arguments.present) window.set_presenting(true);
    auto* screenshot = new grapevine::Screenshot(&window, QString::fromStdString(arguments.screenshot),
                                                 arguments.steps, &window);
    if (view && grapevine::entry_of(view->view).covers_figures)
      screenshot->show_view = [&window, view] { window.show_view(*view); };
    if (view) screenshot->layer = view->layer;
    QTimer::singleShot(0, screenshot, &grapevine::Screenshot::start);
  }
  const int status = app.exec();
  if (engine.joinable()) engine.join();
  return status == 0 && window.run()->something_is_missing() ? 1 : status;
}

}  // namespace

int main(int argc, char** argv) {
  grapevine::hold_memory_reserve();
  grapevine::end_without_remains();
  grapevine::prepare_engine_environment(argv);
  const grapevine::ArgumentsOrStatus read = grapevine::read_arguments(argc, argv);
  if (!read.arguments) return read.status;
  grapevine::Display display = grapevine::find_display();
  if (read.arguments->only_asks_for_display) return display.trouble.empty() ? 0 : 2;
  if (!display.trouble.empty()) {
    std::fprintf(stderr, "grapevine: %s; use grapevine-cli, which does the same in the terminal.\n",
                 display.trouble.c_str());
    return 2;
  }
  // Floating a dock would otherwise re-create the figures' OpenGL context.
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QApplication app(argc, argv);
  display.connection.reset();
  // QApplication takes up the user's locale, in which the C library would write decimal commas into what is
  // stored. Numbers that people read go through QLocale.
  std::setlocale(LC_NUMERIC, "C");
  QLocale::setDefault(grapevine::locale_of_texts(QLocale::system()));
  QApplication::setApplicationName(QStringLiteral("grapevine"));
  QApplication::setApplicationDisplayName(QStringLiteral("Grapevine"));
  QApplication::setApplicationVersion(QStringLiteral(GRAPEVINE_VERSION));
  QApplication::setWindowIcon(QIcon(QStringLiteral(":/grapevine-128.png")));
  QApplication::setDesktopFileName(QStringLiteral("grapevine"));
  try {
    return run_window(app, *read.arguments);
  } catch (const std::exception& error) {
    const grapevine::ErrorWords words = grapevine::words_of(error);
    std::fprintf(stderr, "grapevine: %s\n", words.message.c_str());
    return words.exit_status;
  }
}
