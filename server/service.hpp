// The program behind the network: `/ws/{room}` to rooms, everything else to the REST API and the
// static files.
#pragma once

#include <memory>
#include <string>

#include "config.hpp"
#include "http/router.hpp"
#include "net/application.hpp"
#include "protocol/rooms.hpp"
#include "table_face.hpp"
#include "yjs_face.hpp"

namespace vuer_rtc::server {

class Service final : public net::Application {
 public:
  Service(Rooms rooms, const Config& config, const net::ConnectionPolicy& policy,
          Identify identify);
  /// Yjs connections are served from now on, too.
  void add_yjs(yjs::Host& host) {
    yjs_.emplace(host, config_, identify_);
    router_.ask_before_ready([&host] { return host.storage_fault(); });
  }
  /// And table connections.
  void add_tables(table::Host& host, const TableDisk& disk) {
    tables_.emplace(host, disk, config_, identify_);
  }

  net::Upgrade judge(const net::Request& request) override;
  std::unique_ptr<net::Talk> connect(const net::Request& request, net::Peer& peer) override;
  void answer(const net::Request& request, std::function<void(net::Response)> done) override;

 private:
  Rooms rooms_;
  Config config_;
  net::ConnectionPolicy policy_;
  Identify identify_;
  Router router_;
  std::optional<YjsFace> yjs_;
  std::optional<TableFace> tables_;
};

}  // namespace vuer_rtc::server
