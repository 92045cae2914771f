#include "render/app/asked_to_end.h"

#include <csignal>
#include <initializer_list>

namespace hipspine {
namespace {

volatile std::sig_atomic_t asked = 0;

void on_signal(int) { asked = 1; }

}  // namespace

void watch_for_end() {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, on_signal);
}

bool asked_to_end() { return asked != 0; }

}  // namespace hipspine
