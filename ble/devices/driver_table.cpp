// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The catalogue. To add a device: one row; `vardnavctl devices` shows it, tests/ble/devices holds
// it against the others. Quirks are what others found on hardware (forums, issues, open code).
// Standard services first; named rows go before them wherever the name fits.

#include "ble/devices/driver.h"
#include "ble/gatt/uuids.h"
#include "ble/session/vendor_uuids.h"

namespace vardnav::ble {
namespace {

using namespace gatt;
using When = ClockSetting::When;

constexpr ClockSetting kNoClock{};
constexpr ClockSetting kDateTimeAfter{When::kAfterRecords, kDateTimeUuid, ClockLayout::kDateTime};
constexpr ClockSetting kDateTimeFirst{When::kBeforeRecords, kDateTimeUuid, ClockLayout::kDateTime};
constexpr ClockSetting kCurrentTimeFirst{When::kBeforeRecords, kCurrentTimeUuid,
                                         ClockLayout::kCurrentTime, true};
constexpr ClockSetting kCurrentTimeOnce{When::kAfterFirstRecord, kCurrentTimeUuid,
                                        ClockLayout::kCurrentTime};

const PairingStep kWake{"Slå på apparaten och gör en mätning nära hubben.",
                        "Switch the device on and measure close to the hub."};
const PairingStep kPasskey{"Skriv in koden som apparaten visar när hubben frågar efter den.",
                           "Enter the code that the device shows when the hub asks for it."};
const PairingStep kPairByItself{"Hubben parar ihop sig själv; rör inte apparaten under tiden.",
                                "The hub pairs by itself; leave the device alone meanwhile."};
const PairingStep kSeeArrival{"Se att mätningen kommer fram i konsolen.",
                              "See that the measurement arrives in the console."};
const PairingStep kLeaveOff{"Lämna apparaten avstängd tills nästa mätning.",
                            "Leave the device off until the next measurement."};
const PairingStep kUnvalidated{
    "OBS: drivrutinen är inte provad mot riktig apparat. Jämför varje värde med displayen.",
    "NOTE: this driver is not validated on hardware. Compare each value with the display."};

MeasurementOptions measuring(std::vector<std::string_view> sources, ClockSetting clock = kNoClock) {
  return {.sources = std::move(sources), .clock = clock};
}

void addStandard(std::vector<Driver>& rows) {
  rows.push_back({.name = "generic-health-sensor",
                  .product = "any Generic Health Sensor device, spirometers among them",
                  .services = {kGenericHealthSensorService},
                  .recipe = GhsOptions{},
                  .tested = Tested::kVirtual,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back({.name = "glucose",
                  .product = "any glucose meter with the Glucose Service",
                  .services = {kGlucoseService},
                  .characteristics = {kGlucoseMeasurementUuid, kRecordAccessUuid},
                  .recipe = GlucoseOptions{.checksCount = true},
                  .tested = Tested::kVirtual,
                  .pairing = {kWake, kPasskey, kSeeArrival}});
  rows.push_back({.name = "continuous-glucose",
                  .product = "any continuous glucose monitor with the CGM Service",
                  .services = {kContinuousGlucoseService},
                  .characteristics = {kCgmMeasurementUuid},
                  .recipe = CgmOptions{},
                  .tested = Tested::kCaptures,
                  .isOnByDefault = false,
                  .quirks = {"another risk class: rules for meters are not made for a stream"},
                  .pairing = {kWake, kPasskey, kSeeArrival}});
  rows.push_back({.name = "blood-pressure",
                  .product = "any blood pressure monitor with the Blood Pressure Service",
                  .services = {kBloodPressureService},
                  .characteristics = {kBloodPressureMeasurementUuid},
                  .recipe = measuring({kBloodPressureMeasurementUuid}),
                  .tested = Tested::kCaptures,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back({.name = "weight-scale",
                  .product = "any scale with the Weight Scale Service",
                  .services = {kWeightScaleService},
                  .characteristics = {kWeightMeasurementUuid},
                  .recipe = measuring({kWeightMeasurementUuid, kBodyCompositionUuid}),
                  .tested = Tested::kVirtual,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back({.name = "body-composition",
                  .product = "any scale with the Body Composition Service alone",
                  .services = {kBodyCompositionService},
                  .characteristics = {kBodyCompositionUuid},
                  .recipe = measuring({kBodyCompositionUuid}),
                  .tested = Tested::kCaptures,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back({.name = "pulse-oximeter",
                  .product = "any oximeter with the Pulse Oximeter Service",
                  .services = {kPulseOximeterService},
                  .recipe = measuring({kSpotCheckMeasurementUuid, kContinuousOximeterUuid}),
                  .tested = Tested::kVirtual,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back({.name = "thermometer",
                  .product = "any thermometer with the Health Thermometer Service",
                  .services = {kHealthThermometerService},
                  .characteristics = {kTemperatureMeasurementUuid},
                  .recipe = measuring({kTemperatureMeasurementUuid}),
                  .tested = Tested::kCaptures,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back({.name = "heart-rate",
                  .product = "any heart rate sensor with the Heart Rate Service",
                  .services = {kHeartRateService},
                  .characteristics = {kHeartRateMeasurementUuid},
                  .recipe = measuring({kHeartRateMeasurementUuid}),
                  .tested = Tested::kCaptures,
                  .pairing = {kWake, kPairByItself, kSeeArrival}});
}

void addMeters(std::vector<Driver>& rows) {
  rows.push_back(
      {.name = "accu-chek",
       .product = "Roche Accu-Chek Guide, Instant, Aviva Connect",
       .names = {"meter+", "Accu-Chek"},
       .services = {kGlucoseService},
       .characteristics = {kGlucoseMeasurementUuid, kRecordAccessUuid},
       .recipe = GlucoseOptions{.checksCount = true, .clock = kDateTimeAfter},
       .tested = Tested::kCaptures,
       .quirks = {"hangs up without a bond; the passkey is on its back or display",
                  "drops the link when a strip goes in: the rest comes next time",
                  "its clock is 2A08; the base time never moves, only the offset"},
       .pairing = {{"Mätaren: Inställningar → Trådlöst → Koppla ihop.",
                    "Meter: Settings → Wireless → Pair."},
                   {"Skriv in den sexsiffriga koden från mätarens baksida eller display.",
                    "Enter the six-digit code from the meter's back or display."},
                   kSeeArrival}});
  rows.push_back(
      {.name = "contour",
       .product = "Ascensia Contour Next One, Contour Plus One",
       .names = {"Contour"},
       .services = {kGlucoseService},
       .characteristics = {kGlucoseMeasurementUuid, kRecordAccessUuid},
       .recipe =
           GlucoseOptions{.checksCount = true,
                          .clock = {When::kAfterRecords, kContourClockUuid, ClockLayout::kContour},
                          .alsoSubscribe = kContourClockUuid},
       .tested = Tested::kFacts,
       .quirks = {"bonds at once or not at all",
                  "its clock is a service of its own that can be set and not read"},
       .pairing = {{"Håll ned OK på mätaren tills den blå lampan blinkar.",
                    "Hold OK on the meter until its blue light flashes."},
                   {"Skriv in de sex sista siffrorna i mätarens serienummer om hubben frågar.",
                    "Enter the last six digits of the meter's serial number if the hub asks."},
                   kSeeArrival}});
  rows.push_back(
      {.name = "taidoc",
       .product = "FORA and other TaiDoc glucose meters",
       .names = {"FORA", "TAIDOC", "TNG", "DIAMOND"},
       .services = {kGlucoseService},
       .characteristics = {kGlucoseMeasurementUuid, kRecordAccessUuid},
       .recipe = GlucoseOptions{.recordNumbersStable = false, .dialect = "taidoc"},
       .tested = Tested::kFacts,
       .quirks = {"no clock to read: its stamps are told as unverified",
                  "number 0 is always the newest, and asking from a number does not work: all is"
                  " pulled each time and known again by its content",
                  "when its 450 places are full it sends a HI of 2037, which is refused"},
       .pairing = {kWake, kPairByItself, kSeeArrival}});
  rows.push_back(
      {.name = "caresens",
       .product = "i-SENS CareSens N Premier, Dual, PRO",
       .names = {"CareSens"},
       .services = {kGlucoseService},
       .characteristics = {kGlucoseMeasurementUuid, kRecordAccessUuid},
       .recipe = GlucoseOptions{.dialect = "caresens",
                                .contextDecides = true,
                                .clock = {When::kAfterRecords, kCareSensClockUuid,
                                          ClockLayout::kCareSens},
                                .alsoSubscribe = kCareSensClockUuid},
       .tested = Tested::kFacts,
       .quirks = {"meal 6 marks a ketone result", "may tell month 13: such a stamp is unknown",
                  "may notify a record twice", "its clock can be set and not read"},
       .pairing = {{"Mätaren: Bluetooth på, håll ned knappen tills PIN visas.",
                    "Meter: Bluetooth on, hold the button until it shows a PIN."},
                   kPasskey,
                   kSeeArrival}});
}

void addPressureAndScales(std::vector<Driver>& rows) {
  rows.push_back({.name = "and-blood-pressure",
                  .product = "A&D UA-651BLE and its like",
                  .names = {"A&D_UA"},
                  .services = {kBloodPressureService},
                  .characteristics = {kBloodPressureMeasurementUuid},
                  .recipe = measuring({kBloodPressureMeasurementUuid}, kDateTimeFirst),
                  .tested = Tested::kCaptures,
                  .quirks = {"pairs only while it shows Pr", "wants its clock (2A08) set",
                             "unexpected requests make it show an error and switch off"},
                  .pairing = {{"Håll ned START tills displayen visar Pr.",
                               "Hold START until the display shows Pr."},
                              kPairByItself,
                              kWake,
                              kSeeArrival}});
  rows.push_back({.name = "and-scale",
                  .product = "A&D UC-352BLE",
                  .names = {"A&D_UC"},
                  .services = {kWeightScaleService},
                  .characteristics = {kWeightMeasurementUuid},
                  .recipe = measuring({kWeightMeasurementUuid}, kDateTimeFirst),
                  .tested = Tested::kFacts,
                  .quirks = {"pairs only while it shows Pr", "wants its clock (2A08) set"},
                  .pairing = {{"Håll ned knappen på undersidan tills displayen visar Pr.",
                               "Hold the button below until the display shows Pr."},
                              kPairByItself,
                              kWake,
                              kSeeArrival}});
  rows.push_back({.name = "and-scale-old",
                  .product = "A&D UC-352BLE with firmware from before the Weight Scale Service",
                  .names = {"A&D_UC"},
                  .services = {kAndScaleService},
                  .characteristics = {kAndWeightUuid},
                  .recipe = measuring({kAndWeightUuid}, kDateTimeFirst),
                  .tested = Tested::kFacts,
                  .quirks = {"a service of its own; weights in 0.1 kg or 0.1 lb",
                             "pairs only while it shows Pr", "wants its clock (2A08) set"},
                  .pairing = {{"Håll ned knappen på undersidan tills displayen visar Pr.",
                               "Hold the button below until the display shows Pr."},
                              kPairByItself,
                              kWake,
                              kSeeArrival}});
  rows.push_back({.name = "omron-blood-pressure",
                  .product = "Omron monitors with the standard Blood Pressure Service",
                  .names = {"BLEsmart_", "Omron"},
                  .services = {kBloodPressureService},
                  .characteristics = {kBloodPressureMeasurementUuid},
                  .recipe = measuring({kBloodPressureMeasurementUuid}, kCurrentTimeOnce),
                  .tested = Tested::kFacts,
                  .quirks = {"takes its clock once, and only after its first data",
                             "often loses its bond: pair it anew when the hub asks",
                             "models with service FE4A alone are not supported"},
                  .pairing = {{"Håll ned Bluetooth-knappen tills P blinkar.",
                               "Hold the Bluetooth button until P flashes."},
                              kPairByItself,
                              kWake,
                              kSeeArrival}});
  rows.push_back(
      {.name = "omron-scale",
       .product = "Omron scales with the standard Weight Scale Service",
       .names = {"BLEsmart_", "Omron"},
       .services = {kWeightScaleService},
       .characteristics = {kWeightMeasurementUuid},
       .recipe = measuring({kWeightMeasurementUuid, kBodyCompositionUuid}, kCurrentTimeOnce),
       .tested = Tested::kFacts,
       .quirks = {"takes its clock once, and only after its first data"},
       .pairing = {{"Håll ned Bluetooth-knappen tills P blinkar.",
                    "Hold the Bluetooth button until P flashes."},
                   kPairByItself,
                   kWake,
                   kSeeArrival}});
  rows.push_back(
      {.name = "beurer-scale",
       .product = "Beurer BF720, BF105, BF950 diagnostic scales",
       .names = {"BF720", "BF105", "BF950", "Beurer"},
       .services = {kWeightScaleService, kUserDataService},
       .characteristics = {kWeightMeasurementUuid, kUserControlUuid},
       .recipe = measuring({kWeightMeasurementUuid, kBodyCompositionUuid}, kCurrentTimeFirst),
       .tested = Tested::kCaptures,
       .quirks = {"pairs before anything is subscribed, then wants its clock, then consent",
                  "the first body composition is a placeholder of zeros, which is refused",
                  "a refused consent can cost the bond (seen of a BF915): check the code first",
                  "BF950 shows its services only over an encrypted link, and may forget the bond"},
       .pairing = {{"Skapa användaren på vågen och notera användarnummer och kod (PIN).",
                    "Create the user on the scale; note the user number and its code (PIN)."},
                   {"Lägg in användarnumret och koden i bindningen (slot, consent_code).",
                    "Enter number and code in the binding (slot, consent_code)."},
                   {"Ställ dig på vågen nära hubben.", "Step on the scale close to the hub."},
                   kPairByItself,
                   kSeeArrival}});
  rows.push_back({.name = "xiaomi-scale",
                  .product = "Xiaomi Mi Scale, Mi Body Composition Scale (adverts)",
                  .names = {"MI SCALE", "MI_SCALE", "MIBCS", "MIBFS"},
                  .recipe = AdvertsOnly{},
                  .pairs = false,
                  .tested = Tested::kCaptures,
                  .quirks = {"anyone can send such adverts, and the scale does not know who stands"
                             " on it: the person is always to be confirmed",
                             "its date is not believed", "there is nothing to pair"},
                  .pairing = {{"Ingen parning behövs. Väg dig nära hubben.",
                               "Nothing to pair. Weigh yourself close to the hub."},
                              {"Bekräfta på sidan eller i konsolen vem som vägde sig.",
                               "Confirm on the page or in the console who it was."}}});
}

void addSpirometers(std::vector<Driver>& rows) {
  rows.push_back({.name = "vitalograph",
                  .product = "Vitalograph lung monitor, copd-6, asma-1 (Bluetooth Smart)",
                  .names = {"Vitalograph", "Lung Monitor", "copd-6", "asma-1"},
                  .services = {kTerminalIoService},
                  .characteristics = {kVitalographNotifyUuid, kVitalographTakeCreditsUuid},
                  .recipe = VitalographOptions{},
                  .pairs = false,
                  .tested = Tested::kCaptures,
                  .isOnByDefault = false,
                  .quirks = {"sends a frame after each blow while connected",
                             "its clock is neither read nor set: the command is said to clear the"
                             " memory"},
                  .pairing = {kUnvalidated, kWake, kSeeArrival, kLeaveOff}});
  rows.push_back({.name = "contec-spirometer",
                  .product = "Contec SP10BT, SP80B spirometers",
                  .names = {"SP10", "SP80"},
                  .services = {kContecService},
                  .characteristics = {kContecWriteUuid, kContecNotifyUuid},
                  .recipe = ContecOptions{},
                  .pairs = false,
                  .tested = Tested::kCaptures,
                  .isOnByDefault = false,
                  .quirks = {"known by its name: oximeters (PO60, CMS50) show the same service",
                             "keeps its records: the hub ends with finish-and-keep",
                             "no clock to read: its stamps are told as unverified"},
                  .pairing = {kUnvalidated, kWake, kSeeArrival, kLeaveOff}});
}

}  // namespace

std::vector<Driver> standardDrivers() {
  std::vector<Driver> rows;
  addStandard(rows);
  addMeters(rows);
  addPressureAndScales(rows);
  addSpirometers(rows);
  return rows;
}

}  // namespace vardnav::ble
