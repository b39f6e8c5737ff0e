#include "protocol/outgoing.hpp"

#include "log.hpp"
#include "protocol/json_writer.hpp"

namespace vuer_rtc::server {
namespace {

net::Weight weight_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::Answer:
    case Delivery::JoinData:
      return net::Weight::JoinData;
    case Delivery::Presence:
      return net::Weight::Presence;
    default:
      return net::Weight::Ordered;
  }
}

}  // namespace

net::Outgoing outgoing(const SharedFrame& frame, Encoding encoding, Delivery delivery) {
  if (encoding == Encoding::MessagePack) {
    const auto* data = reinterpret_cast<const char*>(frame->bytes.data());
    return {frame, {data, frame->bytes.size()}, false, weight_of(delivery)};
  }
  if (!frame->json) {
    Result<std::string> text = msgpack_to_json(frame->bytes);
    if (!text) log(LogLevel::Error, "frame_not_json", {{"error", text.error().text}});
    frame->json = std::make_shared<const std::string>(text ? std::move(*text) : std::string("{}"));
  }
  return {frame->json, *frame->json, true, weight_of(delivery)};
}

}  // namespace vuer_rtc::server
