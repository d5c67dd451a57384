// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

namespace vardnav::uplink {
namespace {

using File = std::unique_ptr<std::FILE, decltype([](std::FILE* f) { std::fclose(f); })>;
using Certificate = std::unique_ptr<X509, decltype([](X509* x) { X509_free(x); })>;
using PrivateKey = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* k) { EVP_PKEY_free(k); })>;

std::unexpected<Error> fault(const std::string& setting, const std::string& path,
                             const std::string& what) {
  ERR_clear_error();
  return fail(ErrorCode::kInvalidInput, setting + " = " + path + ": " + what);
}

Result<File> openFile(const std::string& setting, const std::string& path) {
  if (path.empty()) return fault(setting, "\"\"", "name a PEM file");
  File file(std::fopen(path.c_str(), "re"));
  if (!file) {
    return fault(setting, path,
                 std::string("cannot be read (") + std::strerror(errno) +
                     "): put the file there or correct the setting");
  }
  return file;
}

Result<Certificate> readCertificate(const std::string& setting, const std::string& path) {
  auto file = openFile(setting, path);
  if (!file) return std::unexpected(file.error());
  Certificate certificate(PEM_read_X509(file->get(), nullptr, nullptr, nullptr));
  if (!certificate) return fault(setting, path, "holds no PEM certificate: replace it");
  return certificate;
}

// Asked for a password, gives none: an encrypted key cannot start by itself.
int noPassword(char* /*buffer*/, int /*size*/, int /*isWriting*/, void* /*user*/) { return -1; }

Result<PrivateKey> readKey(const std::string& setting, const std::string& path) {
  auto file = openFile(setting, path);
  if (!file) return std::unexpected(file.error());
  PrivateKey key(PEM_read_PrivateKey(file->get(), nullptr, noPassword, nullptr));
  if (!key) return fault(setting, path, "holds no unencrypted PEM private key: replace it");
  return key;
}

Result<void> checkValidityOf(const std::string& setting, const std::string& path, UtcTime now) {
  const auto certificate = readCertificate(setting, path);
  if (!certificate) return std::unexpected(certificate.error());
  std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  if (X509_cmp_time(X509_get0_notAfter(certificate->get()), &seconds) < 0) {
    return fault(setting, path, "has expired: renew it, or set the clock of this machine");
  }
  if (X509_cmp_time(X509_get0_notBefore(certificate->get()), &seconds) > 0) {
    return fault(setting, path, "is not valid yet: set the clock of this machine");
  }
  return {};
}

}  // namespace

Result<void> checkTlsFiles(const TlsFiles& files) {
  const auto authority = readCertificate("mqtt.ca", files.ca);
  if (!authority) return std::unexpected(authority.error());
  const auto certificate = readCertificate("mqtt.certificate", files.certificate);
  if (!certificate) return std::unexpected(certificate.error());
  const auto key = readKey("mqtt.key", files.key);
  if (!key) return std::unexpected(key.error());
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    return fault("mqtt.key", files.key,
                 "is not the key of " + files.certificate + ": give the two that belong together");
  }
  return {};
}

Result<void> checkValidity(const TlsFiles& files, UtcTime now) {
  if (auto own = checkValidityOf("mqtt.certificate", files.certificate, now); !own) return own;
  return checkValidityOf("mqtt.ca", files.ca, now);
}

Result<std::string> commonNameOf(const std::string& certificateFile) {
  const auto certificate = readCertificate("mqtt.certificate", certificateFile);
  if (!certificate) return std::unexpected(certificate.error());
  std::array<char, 256> name{};
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate->get()),
                                               NID_commonName, name.data(), name.size());
  if (length <= 0) {
    return fault("mqtt.certificate", certificateFile, "has no common name: issue one that has");
  }
  return std::string(name.data(), static_cast<std::size_t>(length));
}

}  // namespace vardnav::uplink
