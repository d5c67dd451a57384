// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What BlueZ's D-Bus errors mean to a GATT operation and to a connection attempt (BlueZ 5.66,
// src/error.c and create_gatt_dbus_error() of src/gatt-client.c). Any thread.
#pragma once

#include "ble/bluez/bond_evidence.h"
#include "ble/bluez/remote.h"
#include "ble/session/gatt_client.h"

namespace vardnav::ble::bluez {

GattError gattErrorOf(const CallError& error);

/// bluetoothd is still busy with an operation of before; the same call may work in a moment.
bool isBusy(const CallError& error);
/// No reply within the time-out; what was asked may still happen.
bool isTimeout(const CallError& error);
/// StartNotify on what BlueZ notifies us of already: it keeps a subscription over disconnects and
/// renews it by itself. An error up to BlueZ 5.5x, success later.
bool isAlreadyNotifying(const CallError& error);

bool isAlreadyConnected(const CallError& error);
bool isAlreadyPaired(const CallError& error);
/// The object went away: unpaired devices do, 30 s after they were last heard.
bool isGone(const CallError& error);
/// What the error of a Connect says of the bond.
BondSign bondSignOf(const CallError& error);

std::string textOf(const CallError& error);

}  // namespace vardnav::ble::bluez
