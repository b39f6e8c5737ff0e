// A room's frame as the network takes it: in the reader's encoding, the bytes shared by all
// readers.
#pragma once

#include "net/application.hpp"
#include "room/action.hpp"

namespace vuer_rtc::server {

/// The JSON text is made once, for the first who wants it.
net::Outgoing outgoing(const SharedFrame& frame, Encoding encoding, Delivery delivery);

}  // namespace vuer_rtc::server
