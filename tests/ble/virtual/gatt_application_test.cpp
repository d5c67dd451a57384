// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What bluetoothd reads of a device that stands on a real adapter.
#include "ble/virtual/gatt_application.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/ble/bluez/private_bus.h"

namespace vardnav::test {
namespace {

using ble::virtual_home::AttError;
using ble::virtual_home::GattApplication;
using Properties = std::map<std::string, sdbus::Variant>;

struct Requests final : ble::virtual_home::GattRequests {
  Bytes told;

  std::expected<Bytes, AttError> read(const std::string&, const std::string&) override {
    return std::unexpected(AttError::kReadNotPermitted);
  }
  std::expected<void, AttError> write(const std::string&, const Bytes&,
                                      const std::string&) override {
    return {};
  }
  void subscribe(const std::string&, bool) override {}
  void confirmed(const std::string&) override {}
  Bytes serviceData() const override { return told; }
  void advertisementReleased() override {}
};

class GattApplicationTest : public testing::Test {
 protected:
  GattApplicationTest() { device_->enterEventLoopAsync(); }
  Properties advertisement(Requests& requests) {
    const GattApplication application(*device_, "/org/vardnav/home/hci1", "MI SCALE2",
                                      {{"181D", {}}}, requests);
    return read(application.advertisementPath());
  }
  Properties read(const std::string& path) {
    auto client = sdbus::createSystemBusConnection();
    auto proxy = sdbus::createProxy(std::move(client), device_->getUniqueName(), path);
    Properties properties;
    proxy->callMethod("GetAll")
        .onInterface("org.freedesktop.DBus.Properties")
        .withArguments("org.bluez.LEAdvertisement1")
        .storeResultsTo(properties);
    return properties;
  }

  PrivateBus bus_;
  std::unique_ptr<sdbus::IConnection> device_ = sdbus::createSystemBusConnection();
};

TEST_F(GattApplicationTest, AdvertisesTheDataOfItsService) {
  Requests requests;
  requests.told = *fromHex("20D836E907041805");
  const Properties advertised = advertisement(requests);
  ASSERT_TRUE(advertised.contains("ServiceData"));
  const auto data = advertised.at("ServiceData").get<Properties>();
  EXPECT_EQ(data.at("0000181d-0000-1000-8000-00805f9b34fb").get<Bytes>(), requests.told);
}

TEST_F(GattApplicationTest, AdvertisesNoDataWhereTheDeviceHasNone) {
  Requests requests;
  const Properties advertised = advertisement(requests);
  EXPECT_TRUE(advertised.contains("ServiceUUIDs"));
  EXPECT_FALSE(advertised.contains("ServiceData"));
}

}  // namespace
}  // namespace vardnav::test
