// The message that everybody writes: its fields in one order, its ops in normal form. Read straight
// through; any other goes the long way of message_decoder.cpp.
#include <cmath>

#include "base/utf.hpp"
#include "codec/whole.hpp"
#include "model/message_view.hpp"
#include "model/normal_scan.hpp"
#include "model/plain.hpp"

namespace vuer_rtc {

/// A sound message as encode_message writes it, with a clock of its author's number only.
bool MessageDecoder::read_plain(MsgReader& reader, const Limits& limits, MessageView& out) {
  PlainReader plain(reader.position(), reader.position() + reader.left());
  std::string_view author;
  double number, lt, server_seq = 0, stable = kNoLine;
  std::int64_t whole_number, whole_lt, whole_seq;
  if (reader.peek() != MsgType::Map) return false;
  const unsigned fields = *plain.position() & 0x0fu;
  plain.go_to(plain.position() + 1);
  if (!plain.step("\xa2id") || !plain.text(out.id) ||
      !plain.step("\xa6"
                  "client") ||
      !plain.text(out.client) ||
      !plain.step("\xa5"
                  "clock\x81") ||
      !plain.text(author) || !plain.number(number) || !plain.step("\xa2lt") || !plain.number(lt) ||
      !plain.step("\xa2ts") || !plain.number(out.ts) || !plain.step("\xa3ops"))
    return false;
  const std::uint8_t* behind = plain.position();
  OpsFacts facts;
  if (!scan_normal_ops(behind, plain.end(), limits, facts)) return false;
  out.ops = {plain.position(), behind};
  plain.go_to(behind);
  if (fields == 8 && !(plain.step("\xa9serverSeq") && plain.number(server_seq))) return false;
  if (fields >= 7 && !(plain.step("\xa6stable") && plain.number(stable))) return false;
  const bool is_sound = fields >= 6 && fields <= 8 && !out.id.empty() && is_clean_utf8(out.id) &&
                        !out.client.empty() && out.client.size() <= kMaxClientBytes &&
                        is_clean_utf8(out.client) && author == out.client &&
                        as_whole(number, 0, whole_number) && as_whole(lt, 0, whole_lt) &&
                        std::isfinite(out.ts) && as_whole(stable, kNoLine, out.stable) &&
                        as_whole(server_seq, 0, whole_seq);
  if (!is_sound) return false;
  out.ts += 0.0;
  out.lt = static_cast<std::uint64_t>(whole_lt);
  out.server_seq = static_cast<std::uint64_t>(whole_seq);
  out.clock.clear();
  out.clock.emplace_back(out.client, static_cast<std::uint64_t>(whole_number));
  out.take(facts);
  reader = MsgReader(plain.position(), plain.end());
  return true;
}

}  // namespace vuer_rtc
