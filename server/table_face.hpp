// Which requests are table connections (table endpoint specification, sections 1 and 15), and their
// way into a channel.
#pragma once

#include <memory>

#include "config.hpp"
#include "http/router.hpp"
#include "http/target.hpp"
#include "net/application.hpp"
#include "protocol/table/host.hpp"
#include "table_disk.hpp"

namespace vuer_rtc::server {

table::HostOptions table_options(const Config& config);
TableDiskOptions table_disk_options(const Config& config);

/// Clocks, log and figures of the process.
table::HostServices table_services(std::function<void(std::function<void()>)> post);
void show_table_figures(const table::Host& host);

class TableFace {
 public:
  TableFace(table::Host& host, const TableDisk& disk, const Config& config, Identify identify);

  bool takes(const Target& target) const;
  /// Names the policy of a request that is taken; refuses bad names, missing rights, full channels.
  void judge(const net::Request& request, net::Upgrade& verdict) const;
  std::unique_ptr<net::Talk> connect(const net::Request& request, const Target& target,
                                     net::Peer& peer);

 private:
  int refused_with(const net::Request& request, const Target& target) const;
  table::Host& host_;
  const TableDisk& disk_;
  net::ConnectionPolicy policy_;
  Identify identify_;
};

}  // namespace vuer_rtc::server
