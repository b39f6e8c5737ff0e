// Which requests are Yjs connections (Yjs endpoint specification, section 2.1), and their way into
// a room.
#pragma once

#include <memory>

#include "config.hpp"
#include "http/router.hpp"
#include "http/target.hpp"
#include "net/application.hpp"
#include "protocol/yjs/host.hpp"

namespace vuer_rtc::server {

yjs::Pass pass_of(const Grant& grant);
yjs::HostOptions yjs_options(const Config& config);

/// Adds to the figures of the process.
void count_yjs_figures(const yjs::RoomFigures& room);
void show_yjs_figures(const yjs::Host& host);

class YjsFace {
 public:
  YjsFace(yjs::Host& host, const Config& config, Identify identify);

  bool takes(const Target& target) const { return is_zeal(target) || is_room(target); }
  /// Names the policy of a request that is taken, and refuses a bad name of a room.
  void judge(const net::Request& request, net::Upgrade& verdict) const;
  /// What GET /stats answers.
  std::string stats() const;
  std::unique_ptr<net::Talk> connect(const net::Request& request, const Target& target,
                                     net::Peer& peer);

 private:
  static bool is_zeal(const Target& target);
  bool is_room(const Target& target) const;
  yjs::Host& host_;
  bool bare_paths_;
  std::int64_t max_rooms_, max_members_;
  net::ConnectionPolicy policy_, zeal_policy_;
  Identify identify_;
};

}  // namespace vuer_rtc::server
