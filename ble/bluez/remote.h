// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// BlueZ as typed asynchronous calls and one ordered stream of signals: all of the D-Bus client
// side that this folder needs (org.bluez API, BlueZ 5.66 doc/*-api.txt). Nothing here blocks,
// except that open() installs its match rules with the bus daemon. Loop thread only.
//
// Calls go to the unique name of the bluetoothd that is there now, so that none reaches its
// successor with a path of before the restart; signals from anyone else are dropped, since a
// match on a well-known name does not keep out a signal sent straight to us.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ble/bluez/bus.h"
#include "ble/bluez/property.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::bluez {

struct CallError {
  std::string name;     ///< "org.bluez.Error.Failed"
  std::string message;  ///< "le-connection-abort-by-local"
};

class Remote {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void onServiceUp() = 0;
    virtual void onServiceDown() = 0;
    virtual void onInterfacesAdded(const std::string& path, const Interfaces& interfaces) = 0;
    virtual void onInterfacesRemoved(const std::string& path,
                                     const std::vector<std::string>& interfaces) = 0;
    /// Asked before the body is read: in a crowded house most adverts are none of ours.
    virtual bool concerns(const std::string& path) = 0;
    virtual void onPropertiesChanged(const std::string& path, const std::string& interface,
                                     const Properties& changed,
                                     const std::vector<std::string>& invalidated) = 0;
    virtual void onMalformed(const std::string& what) = 0;
  };
  /// A callback runs only while its `Alive` is not expired; never from within the call itself.
  using Alive = std::weak_ptr<const void>;
  using Done = std::function<void(std::expected<void, CallError>)>;
  using BytesDone = std::function<void(std::expected<Bytes, CallError>)>;
  using ObjectsDone = std::function<void(std::expected<Objects, CallError>)>;

  explicit Remote(Bus& bus);
  ~Remote();
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  /// Match rules first, then the question who owns org.bluez: nothing falls between.
  Result<void> open(Listener& listener);

  bool isUp() const { return !owner_.empty(); }
  /// Unique name of bluetoothd; empty when it is away.
  const std::string& owner() const { return owner_; }
  Bus& bus() { return bus_; }

  /// A method with neither arguments nor results.
  void call(const std::string& path, std::string_view interface, const std::string& method,
            Milliseconds timeout, Alive alive, Done done);
  void setFlag(const std::string& path, std::string_view interface, const std::string& property,
               bool value, Alive alive, Done done);
  void setDiscoveryFilter(const std::string& adapter, Milliseconds timeout, Alive alive, Done done);
  /// Link, bond and object of the device go.
  void removeDevice(const std::string& adapter, const std::string& device, Alive alive, Done done);
  /// The GATT services below the object manager at `root`, for devices connected to `adapter`.
  void registerApplication(const std::string& adapter, const std::string& root, Alive alive,
                           Done done);
  void unregisterApplication(const std::string& adapter, const std::string& root, Alive alive,
                             Done done);
  void registerAgent(const std::string& agent, const std::string& capability, Alive alive,
                     Done done);
  void requestDefaultAgent(const std::string& agent, Alive alive, Done done);
  void readValue(const std::string& path, Milliseconds timeout, Alive alive, BytesDone done);
  void writeValue(const std::string& path, const Bytes& value, Milliseconds timeout, Alive alive,
                  Done done);
  void managedObjects(Alive alive, ObjectsDone done);

  /// Runs `task` in the next turn of the loop.
  void defer(Alive alive, std::function<void()> task);

 private:
  struct Matches;

  void setOwner(const std::string& owner);

  Bus& bus_;
  Listener* listener_ = nullptr;
  std::string owner_;
  std::unique_ptr<Matches> matches_;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
