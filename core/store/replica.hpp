// A history with what taking messages in needs: shared by Document, BareGraph and Author.
#pragma once

#include "history/history.hpp"
#include "model/message_view.hpp"
#include "vuer_rtc/document.hpp"

namespace vuer_rtc {

/// What an empty history takes, its first tables included.
inline constexpr std::size_t kFreshHistory = sizeof(History) + (8 << 10);

struct Replica {
  explicit Replica(const Limits& limits) : history(std::make_unique<History>(limits)) {}

  /// Reads one message into `view`.
  Status decode(MsgReader& reader);
  /// Enters the message in `view`.
  Result<Received> take();
  const Limits& limits() const { return history->limits(); }

  std::unique_ptr<History> history;
  MessageDecoder decoder;
  MessageView view;
};

}  // namespace vuer_rtc
