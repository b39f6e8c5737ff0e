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

struct LoadFlags {
  LoadPlan plan;
  std::string url, config_file;
  bool json = false, help = false;
};

Flag number(std::string_view name, std::int64_t& at, std::int64_t lowest, std::string_view help) {
  return {name, &at, lowest, 1'000'000'000, "Load", "N", help, {}, false};
}

Flag text(std::string_view name, std::string& at, std::string_view value, std::string_view help) {
  return {name, &at, 0, 0, "Load", value, help, {}, false};
}

std::vector<Flag> flags_of(LoadFlags& to) {
  LoadPlan& plan = to.plan;
  return {
      text("url", to.url, "URL", "ws://HOST:PORT. TLS is not spoken."),
      text(
          "dialect", plan.dialect, "NAME",
          "msgpack or json: this server's protocol. relay: a server that gives each message to all "
          "others. yjs: y-websocket. hocuspocus. http: requests for --path."),
      text("token", plan.token, "TOKEN", "Sent with each connection."),
      text("path", plan.path, "PATH", "What the dialect http asks for."),
      text("content", plan.content, "WHAT",
           "sets: each sender sets one property of its own. nodes: each message makes a node."),
      number("connections", plan.connections, 1, "Connections; they take turns in choosing rooms."),
      number("rooms", plan.rooms, 1, "Rooms."),
      number("senders", plan.senders, 0, "Connections of each room that send; all receive."),
      number("size", plan.size, 1, "Bytes of a frame, about."),
      number("rate", plan.rate, 0,
             "Messages per second of each sender; 0: the next one leaves when the window allows."),
      number("window", plan.window, 1,
             "Messages of a room that may be under way at a time, when there is no rate."),
      number("messages", plan.messages, 0, "Ends after so many; 0: after --seconds."),
      number("seconds", plan.seconds, 1, "Time that is measured."),
      number("warm-up", plan.warm_up, 0, "Seconds before it."),
      number("connect-rate", plan.connect_rate, 0,
             "New connections per second; 0: as fast as they succeed."),
      number("churn", plan.churn, 0, "Receivers per second that leave and join again."),
      number("pid", plan.pid, 0, "Process of the server, when it runs on this machine."),
      {"json", &to.json, 0, 0, "Load", {}, "Print one JSON object.", {}, false},
      text("config", to.config_file, "FILE", "JSON object with flags as keys."),
      {"help", &to.help, 0, 0, "Load", {}, "Show this text.", {}, false},
  };
}

Error refuse(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

/// HOST:PORT behind the scheme; an address of IPv6 stands in brackets.
Status read_url(std::string_view url, LoadPlan& plan) {
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
  LoadFlags flags;
  if (Status status = read_flags(flags_of(flags), arguments, environment); !status)
    return status.error();
  if (flags.help) {
    LoadFlags defaults;
    return manual_page(kManual, flags_of(defaults));
  }
  if (Status status = read_url(flags.url, flags.plan); !status) return status.error();
  if (Status status = check(flags.plan); !status) return status.error();
  Result<LoadFigures> figures = run_load(flags.plan, progress);
  if (!figures) return figures.error();
  return flags.json ? load_json(flags.plan, *figures) : load_text(flags.plan, *figures);
}

}  // namespace vuer_rtc::server
