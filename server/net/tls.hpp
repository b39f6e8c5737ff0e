// Certificate and key for TLS 1.2 and later. A context is never changed: a reload makes another,
// and connections keep the one they began with.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace vuer_rtc::net {

/// Null, and `fault` says why, when the files do not hold a certificate chain and its key in PEM.
std::shared_ptr<boost::asio::ssl::context> make_tls(const std::string& certificate_file,
                                                    const std::string& key_file,
                                                    std::string& fault);

}  // namespace vuer_rtc::net
