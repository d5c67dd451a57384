// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The sound of a new P1 alert, made here: nothing to load that could be missing when it matters.

let context: AudioContext | null = null;

function audio(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  context ??= new AudioContext();
  return context;
}

function beep(output: AudioContext, frequency: number, start: number, seconds: number): void {
  const oscillator = output.createOscillator();
  const gain = output.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.35, start + 0.02);
  gain.gain.setValueAtTime(0.35, start + seconds - 0.05);
  gain.gain.linearRampToValueAtTime(0, start + seconds);
  oscillator.connect(gain).connect(output.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}

/** Three pairs of tones. False: the browser plays nothing before the operator has pressed
 *  something, or has no sound at all. */
export async function playCall(): Promise<boolean> {
  const output = audio();
  if (!output) return false;
  if (output.state !== "running") {
    // resume() stays pending for as long as the browser wants a gesture first.
    const patience = new Promise<void>((resolve) => window.setTimeout(resolve, 500));
    await Promise.race([output.resume().catch(() => {}), patience]);
  }
  if (output.state !== "running") return false;
  for (let pair = 0; pair < 3; pair += 1) {
    const start = output.currentTime + 0.05 + pair * 0.6;
    beep(output, 880, start, 0.2);
    beep(output, 1175, start + 0.22, 0.2);
  }
  return true;
}
