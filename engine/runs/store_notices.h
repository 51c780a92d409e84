// What happens to the files of a database and concerns nobody's call in particular: a log that is set aside,
// a side file that stays. Said once, at that moment. Any thread may call.
#pragma once

#include <functional>
#include <string>

namespace grapevine {

/// Tells the program's listener. Without one it is kept until there is one.
void give_store_notice(const std::string& sentence);
/// `tell` is called from any thread, one call at a time, beginning with what was kept; {} ends it.
void listen_to_store_notices(std::function<void(const std::string&)> tell);

}  // namespace grapevine
