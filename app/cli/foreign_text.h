// Text that came from a file, a database or another machine, on its way to a terminal: nothing in it may be
// taken for the terminal's own language. Pure; any thread may call.
#pragma once

#include <string>
#include <string_view>

namespace grapevine::cli {

/// `text` in one line and without what is not text: line breaks and tabs become blanks, other control
/// characters (ESC among them), marks that turn the direction of writing and invisible ones become "?",
/// bytes that are not valid UTF-8 "�".
std::string clean(std::string_view text);
/// The same for a JSON document, where it costs nothing: such characters in strings become \uXXXX.
std::string clean_json(std::string_view document);
/// The text as it is, but for bytes that are not valid UTF-8, which become "�": for what other programs read.
std::string as_utf8(std::string_view text);
/// Columns that `text` (UTF-8) takes on a terminal: combining marks take none, East Asian wide characters
/// two.
int display_width(std::string_view text);
/// `text` cut to `width` columns.
std::string clipped(std::string_view text, int width);

}  // namespace grapevine::cli
