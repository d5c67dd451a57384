-- SPDX-FileCopyrightText: 2026 The Vardnav authors
-- SPDX-License-Identifier: Apache-2.0
-- Rows as version 1 of the hub's journal held them; invented. Never changed: what is migrated is
-- what was written then.
UPDATE journal SET epoch = '5f1c2a9e0b7d4c3896a1e2d3f4b5c6d7';
UPDATE counter SET value = 7 WHERE name = 'alert';
UPDATE counter SET value = 42 WHERE name = 'reading';
UPDATE counter SET value = 17 WHERE name = 'capture';
INSERT INTO capture (key, device, characteristic, bytes, context, record_number, clock_timeline,
  clock_device_time_s, clock_hub_utc_ms, clock_uncertainty_ms, received_utc_ms, is_stored,
  disposition, reason) VALUES
  (x'0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'C0:FF:EE:00:00:01', '2A18',
   x'0BD500E3071508091F0D000034B011', x'', 213, 'local', 1566379880, 1795514585000, 1250,
   1795514585871, 1, 'accepted', ''),
  (x'00112233445566778899aabbccddeeff', 'C0:FF:EE:00:00:03', '2AC7', x'00', x'', NULL, NULL, NULL,
   NULL, NULL, 1795514585902, 0, 'accepted', ''),
  (x'ffffffffffffffffffffffffffffffff', 'C0:FF:EE:00:00:02', '2A9D', x'0E', x'', NULL, NULL, NULL,
   NULL, NULL, 1795514590000, 0, 'refused', 'malformed');
INSERT INTO observation (reading, revision, code, value_kind, value_mantissa, value_exponent, unit,
  shown_mantissa, shown_exponent, shown_unit, person, device, slot, record_number, device_timeline,
  device_time_s, at_utc_ms, time_method, uncertainty_ms, received_utc_ms, flags) VALUES
  (x'0f1e2d3c4b5a69788796a5b4c3d2e1f0', 1, 'glucose', 'number', 52, 0, 'mg/dL', 29, -1, 'mmol/L',
   'p-7f3a', 'C0:FF:EE:00:00:01', NULL, 213, 'local', 1566379873, 1795514578000, 'anchored', 1250,
   1795514585871, 0),
  (x'00112233445566778899aabbccddeeff', 1, 'fev1', 'number', 241, -2, 'L', 241, -2, 'L', 'p-7f3a',
   'C0:FF:EE:00:00:03', 1, NULL, 'utc', 1772431800, 1795504200000, 'device-synchronised', 0,
   1795514585902, 2),
  (x'00112233445566778899aabbccddeeff', 1, 'pef', 'NaN', 0, 0, 'L/min', NULL, NULL, NULL, 'p-7f3a',
   'C0:FF:EE:00:00:03', 1, NULL, 'utc', 1772431800, 1795504200000, 'device-synchronised', 0,
   1795514585902, 2);
INSERT INTO rule_state VALUES
  ('p-7f3a', 'glucose-low',
   '1 P1 1795514578000');
INSERT INTO verdict VALUES (x'9a8b7c6d5e4f30211203f4e5d6c7b8a9', 'p-7f3a', 'diabetes',
  'glucose-low', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'Lågt blodsocker', 'Low glucose', '52 mg/dL är under 54 mg/dL.', '52 mg/dL is below 54 mg/dL.',
  'raised', 'P1', 1795514578000, 1795514585871, 0);
INSERT INTO verdict_input VALUES (x'9a8b7c6d5e4f30211203f4e5d6c7b8a9', 0,
  x'0f1e2d3c4b5a69788796a5b4c3d2e1f0', 1);
INSERT INTO outbox VALUES
  ('reading', 41, x'0f1e2d3c4b5a69788796a5b4c3d2e1f0', 1, NULL, 1795514585880),
  ('reading', 42, x'00112233445566778899aabbccddeeff', 1, NULL, 1795514585910),
  ('alert', 7, NULL, 0, x'9a8b7c6d5e4f30211203f4e5d6c7b8a9', 1795514585880);
