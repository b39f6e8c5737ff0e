#include "tools/load_command.hpp"

#include <charconv>

#include "tools/load_dialect.hpp"
#include "tools/load_report.hpp"
#include "tools/load_run.hpp"

namespace vuer_rtc::server {
namespace {

constexpr Manual kManual = {
    "vuer-rtc-server load", "puts load on a server and says how it took it",
    "vuer-rtc-server load --url ws://HOST:PORT [--connections N] [--rooms N] [--senders N] ...",
    "Opens connections, lets some of them send, and prints what was sent and received per second, "
    "percentiles of the latencies, and with --pid the memory and processor time of the server. "
    "Latencies are from the sending of a message to its ack, and to its arrival at each receiver. "
    "When the client itself held things up it says so. A server refuses more than its limits "
    "allow: "
    "raise them for a test (--max-handshakes-per-second, --max-clients-per-room, "
    "--max-connections-per-address, --max-messages-per-second).",
    "EXAMPLES\n"
    "       vuer-rtc-server load --url ws://127.0.0.1:8080 --connections 51 --seconds 5\n"
    "       vuer-rtc-server load --url ws://127.0.0.1:8080 --connections 1100 --rooms 100 \\\n"
    "           --rate 100 --pid $(pidof vuer-rtc-server)\n"};

std::vector<Flag> flags_of(LoadPlan& to) {
  constexpr std::string_view kSection = "Load";
  return {
#define FLAG_ROWS "tools/load_flags.def"
#include "tools/as_flags.def"
  };
}

Error refuse(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

/// HOST:PORT behind the scheme; an address of IPv6 stands in brackets.
Status read_url(LoadPlan& plan) {
  const std::string_view url = plan.url;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return refuse("--url", "ws://HOST:PORT");
  if (url.substr(0, scheme) != "ws" && url.substr(0, scheme) != "http")
    return refuse("--url", "only ws:// and http:// are spoken");
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find('/'));
  const std::size_t colon = rest.rfind(':');
  const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == rest.npos;
  std::string_view host = rest.substr(0, has_port ? colon : rest.size());
  if (has_port) {
    const std::string_view port = rest.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), plan.port);
    if (error != std::errc{} || end != port.data() + port.size())
      return refuse("--url", "the port is no number");
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return refuse("--url", "ws://HOST:PORT");
  plan.host = host;
  return {};
}

Status check(const LoadPlan& plan) {
  if (make_dialect(plan) == nullptr)
    return refuse("--dialect", "msgpack, json, relay, yjs, hocuspocus or http");
  if (plan.content != "sets" && plan.content != "nodes")
    return refuse("--content", "sets or nodes");
  return {};
}

}  // namespace

Result<std::string> run_load_command(std::span<const std::string_view> arguments,
                                     const Environment& environment,
                                     const std::function<void(const std::string&)>& progress) {
  LoadPlan plan;
  if (Status status = read_flags(flags_of(plan), arguments, environment); !status)
    return status.error();
  if (plan.help) {
    LoadPlan defaults;
    return manual_page(kManual, flags_of(defaults));
  }
  if (Status status = read_url(plan); !status) return status.error();
  if (Status status = check(plan); !status) return status.error();
  Result<LoadFigures> figures = run_load(plan, progress);
  if (!figures) return figures.error();
  return plan.json ? load_json(plan, *figures) : load_text(plan, *figures);
}

}  // namespace vuer_rtc::server
