#include "net/tls.hpp"

#include <openssl/ssl.h>

namespace vuer_rtc::net {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::shared_ptr<ssl::context> make_tls(const std::string& certificate_file,
                                       const std::string& key_file, std::string& fault) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_compression, error);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  context->use_certificate_chain_file(certificate_file, error);
  if (error) {
    fault = certificate_file + ": is no certificate chain in PEM form";
    return nullptr;
  }
  context->use_private_key_file(key_file, ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(context->native_handle()) != 1) {
    fault = key_file + ": is not the key of the certificate in PEM form";
    return nullptr;
  }
  return context;
}

}  // namespace vuer_rtc::net
